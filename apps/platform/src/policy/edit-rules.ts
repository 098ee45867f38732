import { type DraftChanges, type RuleInput, ruleInput } from '@hypervigil/contract';
import {
  type FieldMistake,
  type Id,
  MAX_POLICY_RULES,
  type Policy,
  patchRules,
  type Rule,
  type RulePatch,
  unknownInPatch,
} from '@hypervigil/model';
import { ApiFailure, badField, unknownId } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import type { Actor, Work } from '../state/work.ts';
import { requireNoMistakes } from './check.ts';
import { changeDraft, draftPolicy, present, putPolicy, toPolicy } from './draft.ts';
import { changeSince } from './draft-changes.ts';
import { staleRevision } from './groups.ts';
import { rebased } from './merge.ts';
import { publishedPolicies } from './published.ts';
import { numberRules } from './rules.ts';
import { versionOf } from './versions.ts';

type Edit = RulePatch<RuleInput> & { readonly revision: number };

/**
 * Changes some rules of a policy; an edit that was made on an older version goes on top of what others made meanwhile.
 * @returns what became of the policy since the version that was edited
 * @throws ApiFailure `invalid-request` by the fields of the patch, `edit-conflict`, `stale-revision`, `not-found`
 */
export function editRules(db: Database, actor: Actor, id: Id, edit: Edit): Promise<DraftChanges> {
  return changeDraft(db, actor, async (work) => {
    const old = toPolicy(await present(work.tx, id));
    const base = old.revision === edit.revision ? old : await versionOf(work.tx, id, edit.revision);
    if (base === undefined) throw staleRevision(old.revision);
    if (unknownInPatch(base.rules, edit).length > 0) throw unknownId('rules', 'rule');
    const { rules, touched } =
      base === old ? await patched(work, old, edit) : await merged(work, old, base.rules, edit);
    if (rules.length > MAX_POLICY_RULES)
      throw badField('placed', { code: 'too-many', params: { maximum: MAX_POLICY_RULES } });
    const now: Policy = { ...old, ...(await putPolicy(work.tx, id, old, rules)), rules };
    await requireSound(work.tx, now, touched);
    const params = { name: old.name, tier: old.tier, enabled: old.enabled, rules: rules.length };
    work.audit({ action: 'policy.updated', subject: `policy:${id}`, params });
    const [published] = await publishedPolicies(work.tx, [id]);
    const since = { revision: edit.revision, rules: base.rules };
    return { policies: [changeSince(since, draftPolicy(now, false, published))], order: null };
  });
}

/** A rule that an edit may have made wrong, and where the patch says what it is. */
interface Touched {
  readonly rule: Rule;
  readonly path: string;
}
interface Edited {
  readonly rules: Rule[];
  readonly touched: readonly Touched[];
}

async function patched(work: Work, policy: Policy, edit: Edit): Promise<Edited> {
  const paths = pathsOf(edit);
  const numbered = await saidAt(
    (place) => paths[place],
    () => numberRules(work, policy, rulesOf(edit)),
  );
  const placed = numbered.slice(edit.changed.length);
  const rules = patchRules(policy.rules, {
    changed: numbered.slice(0, edit.changed.length),
    removed: edit.removed,
    placed: edit.placed.map(({ before }, i) => ({ rule: placed[i]!, before })),
  });
  return { rules, touched: numbered.map((rule, i) => ({ rule, path: paths[i]! })) };
}

/** Rules that others changed meanwhile may be wrong now as well. */
async function merged(work: Work, policy: Policy, base: readonly Rule[], edit: Edit): Promise<Edited> {
  const mine = { ...policy, revision: edit.revision, rules: patchRules<RuleInput>(base.map(ruleInput), edit) };
  const rules = await numberRules(work, policy, (await rebased(work.tx, policy.id, mine, policy)).rules);
  const paths = pathsOf(edit);
  const said = new Map(rulesOf(edit).map(({ id }, i) => [id, paths[i]!]));
  return { rules, touched: rules.map((rule, i) => ({ rule, path: said.get(rule.id) ?? `rules.${i}` })) };
}

/** Of a policy of thousands of rules only those are looked at that an edit touched; of the others, their names. */
async function requireSound(tx: Tx, policy: Policy, touched: readonly Touched[]): Promise<void> {
  const rules = touched.map(({ rule }) => rule);
  const ids = new Set(rules.map(({ id }) => id));
  const taken = new Set(policy.rules.filter(({ id }) => !ids.has(id)).map(({ name }) => name));
  const mistakes = touched.flatMap(({ rule, path }): FieldMistake[] =>
    taken.has(rule.name) ? [{ field: `${path}.name`, code: 'name-taken', params: { what: 'rule' } }] : [],
  );
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
  await saidAt(
    (place) => touched[place]?.path,
    () => requireNoMistakes(tx, { ...policy, rules }),
  );
}

const rulesOf = ({ changed, placed }: Edit): RuleInput[] => [...changed, ...placed.map(({ rule }) => rule)];
const pathsOf = ({ changed, placed }: Edit): string[] => [
  ...changed.map((_, i) => `changed.${i}`),
  ...placed.map((_, i) => `placed.${i}.rule`),
];

/** Mistakes of a list of rules, told where the patch has them. */
async function saidAt<T>(pathAt: (place: number) => string | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.code !== 'invalid-request') throw error;
    const mistakes = error.mistakes.map((mistake): FieldMistake => {
      const [, place, field] = /^rules\.(\d+)\.(.*)$/.exec(mistake.field) ?? [];
      const path = place === undefined ? undefined : pathAt(Number(place));
      return path === undefined ? mistake : { ...mistake, field: `${path}.${field}` };
    });
    throw new ApiFailure('invalid-request', {}, { mistakes, cause: error });
  }
}
