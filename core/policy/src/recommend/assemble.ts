import type { Peer } from '@hypervigil/model';
import { ANYONE, type Service } from '@hypervigil/model';
import { getOrAdd } from '../maps.ts';
import { compareText } from '../order.ts';
import { type SeenService, serviceKey, toServices } from './seen-services.ts';
import { type Part, partKey } from './vocabulary.ts';

/** Traffic of which one rule could speak: between two parts on one service. */
export interface Fact<T> {
  readonly from: Part;
  readonly to: Part;
  readonly service: SeenService;
  readonly talks: readonly T[];
}

/** What is the same in all facts of one rule but for its far side. */
export interface Assembled<T> {
  readonly from: readonly Part[];
  readonly to: readonly Part[];
  readonly services: readonly Service[];
  readonly facts: readonly Fact<T>[];
}

/** Of what a rule may have (see the schema of rules). */
const MAX = { groups: 100, cidrs: 1_000, services: 64 } as const;

/**
 * Joins facts that share their near side into the fewest rules that say exactly the same: either far sides with equal services
 * go together, or services with equal far sides.
 */
export function assemble<T>(facts: readonly Fact<T>[], near: 'from' | 'to'): Assembled<T>[] {
  const far = near === 'from' ? 'to' : 'from';
  const byNear = Map.groupBy(facts, (fact) => partKey(fact[near]));
  return [...byNear]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, some]) => {
      const ofFar = joined(
        some,
        (fact) => partKey(fact[far]),
        ({ service }) => serviceKey(service),
      );
      const ofService = joined(
        some,
        ({ service }) => serviceKey(service),
        (fact) => partKey(fact[far]),
      );
      const fewest = ofFar.length <= ofService.length ? ofFar : ofService;
      return fewest.flatMap((together) => inBounds(together, near));
    });
}

/** Facts by the set of what each key goes with. */
function joined<T>(facts: readonly Fact<T>[], keyOf: (fact: Fact<T>) => string, otherOf: (fact: Fact<T>) => string) {
  const byKey = Map.groupBy(facts, keyOf);
  const bySet = new Map<string, Fact<T>[]>();
  for (const [, some] of [...byKey].sort(([a], [b]) => compareText(a, b))) {
    const set = [...new Set(some.map(otherOf))].sort().join('\n');
    getOrAdd(bySet, set, () => []).push(...some);
  }
  return [...bySet.values()];
}

/** A rule, or several where one may not name so much. */
function inBounds<T>(facts: readonly Fact<T>[], near: 'from' | 'to'): Assembled<T>[] {
  const far = near === 'from' ? 'to' : 'from';
  const parts = unique(
    facts.map((fact) => fact[far]),
    partKey,
  );
  const seen = unique(
    facts.map(({ service }) => service),
    serviceKey,
  );
  const nearPart = [facts[0]![near]];
  return pieces(parts).flatMap((some) =>
    chunks(toServices(seen), MAX.services).map((services) => {
      const keys = new Set(some.map(partKey));
      const told = facts.filter((fact) => keys.has(partKey(fact[far])));
      return near === 'from'
        ? { from: nearPart, to: some, services, facts: told }
        : { from: some, to: nearPart, services, facts: told };
    }),
  );
}

function pieces(parts: readonly Part[]): Part[][] {
  const pieces: Part[][] = [];
  let [groups, cidrs] = [Number.POSITIVE_INFINITY, 0];
  for (const part of parts) {
    const more = part.kind === 'vm' ? part.cidrs.length : part.kind === 'block' ? 1 : 0;
    groups += more === 0 ? 1 : 0;
    cidrs += more;
    if (groups > MAX.groups || cidrs > MAX.cidrs) {
      pieces.push([]);
      [groups, cidrs] = [more === 0 ? 1 : 0, more];
    }
    pieces.at(-1)!.push(part);
  }
  return pieces;
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

function unique<T>(all: readonly T[], key: (one: T) => string): T[] {
  const byKey = new Map(all.map((one) => [key(one), one]));
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one);
}

/** A side of a rule. */
export function toPeer(parts: readonly Part[]): Peer {
  const ids = (kind: 'group' | 'tenant') => parts.flatMap((part) => (part.kind === kind ? [part.id] : []));
  const cidrs = parts.flatMap((part) => (part.kind === 'vm' ? part.cidrs : part.kind === 'block' ? [part.cidr] : []));
  return { ...ANYONE, groupIds: ids('group'), tenantIds: ids('tenant'), cidrs: [...new Set(cidrs)] };
}
