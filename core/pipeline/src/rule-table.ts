import type { HostIntentPatch, Id, IntentRule, IntentSet, MirrorNum } from '@hypervigil/model';
import type { FlowSpec } from './flow.ts';
import { createLargeSets } from './large-sets.ts';
import { ruleMeters } from './limit-flows.ts';
import { type Member, type MemberMatches, memberMatches } from './member-matches.ts';
import { type LocalMirror, mirrorOfRuleFlows } from './mirror-flows.ts';
import { pendingFlows } from './pending-flows.ts';
import { type PlacedRule, placeRules, type RulePatch, samePlaced } from './placed-rules.ts';
import { largeSetFlows, memberFlows, ruleFlows, type Side, sameTenantFlows, tenantFlows } from './rule-flows.ts';
import type { FlowStore } from './store.ts';
import { getOrAdd, type Units } from './units.ts';

interface StoredSet {
  readonly tenant: number | null;
  readonly members: Map<string, Member>;
}

/** The flows of rules and of the sets that they use. */
export interface RuleTable {
  /** The rules after a patch. Changes nothing yet; throws {@link PipelineError} for what cannot become flows. */
  plan(patch: RulePatch, previous: ReadonlyMap<string, number>): ReadonlyMap<string, PlacedRule>;
  update(sets: HostIntentPatch['sets'], rules: ReadonlyMap<string, PlacedRule>): void;
  setProbability(establishedProbability: number): void;
  /** The mirrors that there are: rules that name another one are not copied. */
  setMirrors(mirrors: readonly LocalMirror[]): void;
  rules(): Iterable<PlacedRule>;
  /** Set → bit, of the large ones. */
  setBits(): ReadonlyMap<number, number>;
  /** Rules that may have so many connections at the same time, by number. */
  openLimits(): ReadonlyMap<number, number>;
  /** Of the longest chain of gateways that a rule names. */
  links(): number;
  /** Whether a set that is no tenant's names just this address on this network. */
  hasMember(set: number, network: number, address: string): boolean;
}

export interface LargeSetOptions {
  /** A set of so many addresses is large. */
  readonly largeSet: number;
  /** Bits of large sets in an earlier pipeline. */
  readonly setBits: ReadonlyMap<number, number>;
}

export function createRuleTable(store: FlowStore, units: Units, options: LargeSetOptions): RuleTable {
  const large = createLargeSets(store);
  const sets = new Map<number, StoredSet>();
  const rules = new Map<string, PlacedRule>();
  /** Set → keys of the rules that use it. */
  const users = new Map<number, Set<string>>();
  /** Keys of the rules that name a mirror. */
  const mirrored = new Set<string>();
  let mirrors = new Map<Id, MirrorNum>();
  let probability = -1;
  let links = 1;
  /** Each address is read once, however many rules use it and however often they change. */
  const matches = new WeakMap<Member, MemberMatches>();

  function matchesOf(member: Member): MemberMatches {
    const known = matches.get(member);
    if (known) return known;
    const made = memberMatches(member);
    matches.set(member, made);
    return made;
  }

  /** What some members of a set, or a tenant, add to a rule: those that are not looked up. */
  function* flowsOfPart(placed: PlacedRule, side: Side, num: number, part: StoredSet): Iterable<FlowSpec> {
    const isLarge = large.bitOf(num) !== undefined;
    if (part.tenant !== null) yield* tenantFlows(placed, side, part.tenant);
    for (const member of part.members.values()) {
      const matches = matchesOf(member);
      if (!(isLarge && matches.isAddress)) yield* memberFlows(placed, side, matches);
    }
  }

  function* flowsOfSet(placed: PlacedRule, side: Side, num: number, set: StoredSet): Iterable<FlowSpec> {
    const bit = large.bitOf(num);
    if (bit !== undefined) yield* largeSetFlows(placed, side, bit);
    yield* flowsOfPart(placed, side, num, set);
  }

  /** What a rule's sets add to it. */
  function* flowsOfSets(placed: PlacedRule): Iterable<FlowSpec> {
    for (const [side, num] of usesOf(placed.rule)) {
      const set = sets.get(num);
      if (set) yield* flowsOfSet(placed, side, num, set);
    }
  }

  /** What a set, or a part of one, adds to every rule that uses the set. */
  function* flowsOfUsers(num: number, part: StoredSet, of: typeof flowsOfSet): Iterable<FlowSpec> {
    for (const key of users.get(num) ?? []) {
      const placed = rules.get(key);
      if (!placed) continue;
      for (const [side, used] of usesOf(placed.rule)) if (used === num) yield* of(placed, side, num, part);
    }
  }

  function lookUp(num: number, { members }: StoredSet, change: 'add' | 'remove'): void {
    const bit = large.bitOf(num);
    if (bit === undefined) return;
    for (const member of members.values()) {
      const matches = matchesOf(member);
      if (matches.isAddress) large[change](matches, bit);
    }
  }

  /** Adds all that a set comes to: for the rules that use it, and for who looks its members up. */
  function lay(num: number): void {
    const set = sets.get(num);
    if (!set) return;
    for (const flow of flowsOfUsers(num, set, flowsOfSet)) store.add(flow);
    lookUp(num, set, 'add');
  }

  function lift(num: number): void {
    const set = sets.get(num);
    if (!set) return;
    for (const flow of flowsOfUsers(num, set, flowsOfSet)) store.release(flow);
    lookUp(num, set, 'remove');
  }

  function assign(num: number, bit: number | undefined): void {
    lift(num);
    large.assign(num, bit);
    lay(num);
  }

  const isUsed = (num: number): boolean => (users.get(num)?.size ?? 0) > 0 && sets.has(num);

  /** Who has a bit keeps it for as long as a rule uses the set: others' flows would change for nothing. */
  function assignBits(previous: ReadonlyMap<number, number>): void {
    for (const num of [...large.bits().keys()]) if (!isUsed(num)) assign(num, undefined);
    for (const [num, bit] of previous) if (isUsed(num)) assign(num, bit);
    const free = large.freeBits();
    if (free.length === 0) return;
    const sizeOf = (num: number): number => sets.get(num)?.members.size ?? 0;
    [...users.keys()]
      .filter((num) => large.bitOf(num) === undefined && isUsed(num) && isLarge(sets.get(num)!))
      .sort((a, b) => sizeOf(b) - sizeOf(a) || a - b)
      .slice(0, free.length)
      .forEach((num, n) => {
        assign(num, free[n]);
      });
  }

  /** Sets of blocks are not looked up, however large. */
  function isLarge({ tenant, members }: StoredSet): boolean {
    if (tenant !== null || members.size < options.largeSet) return false;
    const [first] = members.values();
    return first !== undefined && matchesOf(first).isAddress;
  }

  function removeRule(placed: PlacedRule): void {
    units.clear(`rule ${placed.rule.key}`);
    units.clear(`mirror of rule ${placed.rule.key}`);
    mirrored.delete(placed.rule.key);
    for (const flow of flowsOfSets(placed)) store.release(flow);
    for (const [, num] of usesOf(placed.rule)) users.get(num)?.delete(placed.rule.key);
    rules.delete(placed.rule.key);
  }

  function addRule(placed: PlacedRule): void {
    rules.set(placed.rule.key, placed);
    setRule(placed);
    if (placed.rule.mirror !== null && !placed.staged) mirrored.add(placed.rule.key);
    setMirror(placed.rule);
    for (const flow of flowsOfSets(placed)) store.add(flow);
    for (const [, num] of usesOf(placed.rule)) getOrAdd(users, num, () => new Set<string>()).add(placed.rule.key);
  }

  function setRule(placed: PlacedRule): void {
    const meters = placed.staged ? [] : ruleMeters(placed.rule);
    units.set(`rule ${placed.rule.key}`, ruleFlows(placed, probability), meters);
  }

  function setMirror({ key, num, mirror }: IntentRule): void {
    const to = mirrored.has(key) && mirror !== null ? mirrors.get(mirror) : undefined;
    units.set(`mirror of rule ${key}`, to === undefined ? [] : mirrorOfRuleFlows(num, to));
  }

  /** Packets are judged a second time only where a rule is staged. */
  function setPending(): void {
    const isStaged = rules.values().some(({ staged }) => staged);
    units.set('pending', isStaged ? pendingFlows() : []);
  }

  function setLinks(): void {
    links = rules.values().reduce((most, { rule, staged }) => Math.max(most, staged ? 1 : linksOf(rule)), 1);
  }

  function changeMembers(num: number, add: readonly Member[], remove: readonly Member[]): void {
    const set = sets.get(num);
    if (!set) return;
    const gone = stored(remove.filter((member) => set.members.has(memberKey(member))));
    for (const key of gone.members.keys()) set.members.delete(key);
    const come = stored(add.filter((member) => !set.members.has(memberKey(member))));
    for (const [key, member] of come.members) set.members.set(key, member);
    for (const flow of flowsOfUsers(num, gone, flowsOfPart)) store.release(flow);
    for (const flow of flowsOfUsers(num, come, flowsOfPart)) store.add(flow);
    lookUp(num, gone, 'remove');
    lookUp(num, come, 'add');
  }

  function replaceSet(num: number, set: StoredSet | undefined): void {
    lift(num);
    if (set) sets.set(num, set);
    else sets.delete(num);
    lay(num);
  }

  /** Those that an earlier pipeline gave, until they are. */
  let previousBits = options.setBits;

  return {
    plan(patch, previous) {
      const changes = [patch.rules, patch.staged].some(({ upsert, remove }) => upsert.length + remove.length > 0);
      return changes ? placeRules(rules, patch, previous) : rules;
    },

    update(patch, next) {
      const isSame = next === rules;
      const changed = [...(isSame ? [] : next.values())].filter((placed) => {
        const before = rules.get(placed.rule.key);
        return before !== placed && !(before && samePlaced(before, placed));
      });
      const changedKeys = new Set(changed.map(({ rule }) => rule.key));
      const old = [...(isSame ? [] : rules.values())].filter(
        ({ rule }) => !next.has(rule.key) || changedKeys.has(rule.key),
      );
      // Rules go with the sets that they knew and come with the new ones.
      for (const placed of old) removeRule(placed);
      for (const num of patch.remove) replaceSet(num, undefined);
      for (const set of patch.upsert) replaceSet(set.num, stored(set.members, set.tenant));
      for (const { num, add, remove } of patch.change) changeMembers(num, add, remove);
      for (const placed of changed) addRule(placed);
      if (!isSame) for (const [key, placed] of next) rules.set(key, placed);
      assignBits(previousBits);
      previousBits = new Map();
      if (changed.length + old.length === 0) return;
      setPending();
      setLinks();
    },

    setProbability(establishedProbability) {
      if (probability === establishedProbability) return;
      probability = establishedProbability;
      units.set('same-tenant', sameTenantFlows(probability));
      for (const placed of rules.values()) setRule(placed);
    },

    setMirrors(next) {
      const nums = new Map(next.map(({ id, num }) => [id, num]));
      if (nums.size === mirrors.size && [...nums].every(([id, num]) => mirrors.get(id) === num)) return;
      mirrors = nums;
      for (const key of mirrored) setMirror(rules.get(key)!.rule);
    },

    rules: () => rules.values(),
    setBits: large.bits,
    openLimits: () =>
      new Map(
        rules.values().flatMap(({ rule: { num, limits }, staged }): [number, number][] => {
          const open = limits?.open ?? null;
          return staged || open === null ? [] : [[num, open]];
        }),
      ),
    links: () => links,
    hasMember: (num, network, cidr) => sets.get(num)?.members.has(memberKey({ network, cidr })) ?? false,
  };
}

const linksOf = ({ inspect }: IntentRule): number => 1 + (inspect?.next?.length ?? 0);

const memberKey = ({ network, cidr }: Member): string => `${network ?? '*'} ${cidr}`;

const stored = (members: IntentSet['members'], tenant: number | null = null): StoredSet => ({
  tenant,
  members: new Map(members.map((member) => [memberKey(member), member])),
});

/** Which sets a rule uses, and on which side. */
function* usesOf(rule: IntentRule): Iterable<readonly [side: Side, set: number]> {
  for (const set of new Set(rule.from)) yield ['from', set];
  for (const set of new Set(rule.to)) yield ['to', set];
}
