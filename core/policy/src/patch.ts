import type { HostIntent, HostIntentPatch, IntentRule, IntentSet } from '@hypervigil/model';
import { compareText, tierRank } from './order.ts';
import { changeMembers, orderOf } from './sets.ts';

/** Which document: its own revision, and the policy revision in it. */
export type Stamp = Pick<HostIntent, 'revision' | 'policyRevision'>;

type SetPatch = HostIntentPatch['sets'];
type Members = IntentSet['members'];

/** What turns `before` into `after`; `applyPatch(before, diffIntent(before, after))` is `after`. */
export function diffIntent(before: HostIntent, after: HostIntent): HostIntentPatch {
  return {
    base: before.revision,
    revision: after.revision,
    policyRevision: after.policyRevision,
    networks: diffRows(before.networks, after.networks, byNum),
    tenants: diffRows(before.tenants, after.tenants, byNum),
    vnics: diffRows(before.vnics, after.vnics, byNum),
    sets: diffSets(before.sets, after.sets),
    rules: diffRows(before.rules, after.rules, byKey),
    staged: diffRows(before.staged, after.staged, byKey),
    limits: diffRows(before.limits, after.limits, byNum),
  };
}

/**
 * The document after a patch, in canonical order as the one before. Collections that the patch leaves alone stay the very same
 * objects: whoever keeps something of one knows by that. Whether `patch.base` is the document's revision is the caller's to
 * ask: an engine that lacks the base needs the whole document.
 */
export function applyPatch(intent: HostIntent, patch: HostIntentPatch): HostIntent {
  return {
    revision: patch.revision,
    policyRevision: patch.policyRevision,
    networks: applyRows(intent.networks, patch.networks, byNum, numerically),
    tenants: applyRows(intent.tenants, patch.tenants, byNum, numerically),
    vnics: applyRows(intent.vnics, patch.vnics, byNum, numerically),
    sets: applySets(intent.sets, patch.sets),
    rules: applyRows(intent.rules, patch.rules, byKey, compareRules),
    staged: applyRows(intent.staged, patch.staged, byKey, compareRules),
    limits: applyRows(intent.limits, patch.limits, byNum, numerically),
  };
}

/** One order for every collection, so that equal documents are equal text. */
export function canonicalIntent(intent: HostIntent): HostIntent {
  return {
    ...intent,
    networks: intent.networks.toSorted(numerically),
    tenants: intent.tenants.toSorted(numerically),
    vnics: intent.vnics.toSorted(numerically),
    sets: intent.sets.toSorted(numerically),
    rules: intent.rules.toSorted(compareRules),
    staged: intent.staged.toSorted(compareRules),
    limits: intent.limits.toSorted(numerically),
  };
}

/** The order of decision. */
const compareRules = (a: IntentRule, b: IntentRule): number =>
  tierRank(a.tier) - tierRank(b.tier) || a.order - b.order || compareText(a.key, b.key);

export const byNum = (row: { readonly num: number }): number => row.num;
export const byKey = (row: { readonly key: string }): string => row.key;
const numerically = (a: { readonly num: number }, b: { readonly num: number }): number => a.num - b.num;

export function diffRows<Row, Key>(
  before: readonly Row[],
  after: readonly Row[],
  key: (row: Row) => Key,
): { upsert: Row[]; remove: Key[] } {
  if (before === after) return { upsert: [], remove: [] };
  const old = new Map(before.map((row) => [key(row), row]));
  const kept = new Set(after.map(key));
  return {
    upsert: after.filter((row) => !same(old.get(key(row)), row)),
    remove: before.map(key).filter((one) => !kept.has(one)),
  };
}

export function diffSets(before: readonly IntentSet[], after: readonly IntentSet[]): SetPatch {
  if (before === after) return { upsert: [], remove: [], change: [] };
  const old = new Map(before.map((set) => [set.num, set]));
  const kept = new Set(after.map(byNum));
  const patch: SetPatch = { upsert: [], remove: before.map(byNum).filter((num) => !kept.has(num)), change: [] };
  for (const set of after) {
    const was = old.get(set.num);
    if (was === set) continue;
    if (!was || was.tenant !== set.tenant) patch.upsert.push(set);
    else {
      const { add, remove } = diffMembers(was.members, set.members);
      if (add.length + remove.length > 0) patch.change.push({ num: set.num, add, remove });
    }
  }
  return patch;
}

function applyRows<Row, Key>(
  rows: Row[],
  { upsert, remove }: { readonly upsert: readonly Row[]; readonly remove: readonly Key[] },
  key: (row: Row) => Key,
  compare: (a: Row, b: Row) => number,
): Row[] {
  if (upsert.length + remove.length === 0) return rows;
  const result = new Map(rows.map((row) => [key(row), row]));
  for (const one of remove) result.delete(one);
  for (const row of upsert) result.set(key(row), row);
  return [...result.values()].sort(compare);
}

function applySets(sets: IntentSet[], patch: SetPatch): IntentSet[] {
  const rows = applyRows(sets, patch, byNum, numerically);
  if (patch.change.length === 0) return rows;
  const changes = new Map(patch.change.map((change) => [change.num, change]));
  return rows.map((set) => {
    const change = changes.get(set.num);
    return change ? { ...set, members: changeMembers(set.members, change) } : set;
  });
}

function diffMembers(before: Members, after: Members): { add: Members; remove: Members } {
  // Both are in order (sortMembers), so only where they differ has anybody to ask which comes first.
  const [add, remove]: [Members, Members] = [[], []];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    const order = old && now ? orderOf(old, now) : old ? -1 : 1;
    if (order < 0) remove.push(old!);
    if (order > 0) add.push(now!);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return { add, remove };
}

/** Rows are plain data that one function builds, so their fields always stand in one order. */
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
