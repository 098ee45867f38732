import type { HostIntent, IntentVnic } from '@hypervigil/model';
import type { ConntrackEntry, OvsSwitch } from '@hypervigil/ovs';
import type { OfBoth } from '@hypervigil/pipeline';
import { canonicalBlock } from '@hypervigil/policy';
import type { OpenLimits } from '../enforcement/compiled.ts';

export interface OpenWatch {
  /** Looks at how many connections vNICs and rules have; resolves when it has. To be called every second. */
  look(): Promise<void>;
  /** Those that have as many as they may. */
  full(): Full;
}

type Full = OfBoth<ReadonlySet<number>>;
const NONE_FULL: Full = Object.freeze({ vnics: new Set<number>(), rules: new Set<number>() });

interface WatchDeps {
  readonly conntrack: () => Pick<OvsSwitch['conntrack'], 'count' | 'dump'> | undefined;
  readonly limits: () => OpenLimits;
  readonly intent: () => HostIntent;
  /** Others are full than before. */
  readonly onChange: () => void;
  /** Milliseconds of a clock that is never set back. */
  readonly now: () => number;
}

/** Who was full begins again to have room at so much of its limit, lest it change with every connection. */
const ROOM = 0.9;
/** Looking takes no more than this part of the time, however many connections there are. */
const SHARE = 0.1;

/**
 * Open vSwitch bounds connections by zone, and a zone is a network (zones.ts). So those of vNICs and rules are counted here: only while all of them are as
 * many as the smallest limit, since nobody can be over one before.
 */
export function createOpenWatch({ conntrack, limits, intent, onChange, now }: WatchDeps): OpenWatch {
  let full = NONE_FULL;
  let restUntil = 0;
  const become = (next: Full): void => {
    if (isSame(next, full)) return;
    full = next;
    onChange();
  };
  return {
    full: () => full,
    async look() {
      const switchNow = conntrack();
      const bounds = limits();
      if (!switchNow || now() < restUntil) return;
      if (bounds.vnics.size + bounds.rules.size === 0) return become(NONE_FULL);
      const smallest = Math.min(...bounds.vnics.values(), ...bounds.rules.values());
      const all = await switchNow.count();
      if (all !== undefined && all < smallest * ROOM) return become(NONE_FULL);
      const startedAt = now();
      const entries = await switchNow.dump();
      const vnics = countOpen(entries, intent().vnics, bounds.vnics);
      const rules = countOfRules(entries);
      restUntil = now() + (now() - startedAt) / SHARE;
      become({
        vnics: fullOf(bounds.vnics, vnics, full.vnics),
        rules: fullOf(bounds.rules, rules, full.rules),
      });
    },
  };
}

const isSame = (a: Full, b: Full): boolean =>
  a.vnics.symmetricDifference(b.vnics).size + a.rules.symmetricDifference(b.rules).size === 0;

type Counts = ReadonlyMap<number, number>;

function fullOf(bounds: Counts, counts: Counts, before: ReadonlySet<number>): Set<number> {
  const isFull = ([num, most]: [number, number]) => (counts.get(num) ?? 0) >= most * (before.has(num) ? ROOM : 1);
  return new Set([...bounds].filter(isFull).map(([num]) => num));
}

/** How many connections each bounded vNIC is an end of. */
export function countOpen(
  entries: readonly Pick<ConntrackEntry, 'zone' | 'orig'>[],
  vnics: readonly IntentVnic[],
  bounds: Counts,
): Map<number, number> {
  const byAddress = new Map<string, number>();
  for (const { num, network, ipv4, ipv6 } of vnics)
    if (bounds.has(num)) for (const address of [...ipv4, ...ipv6]) byAddress.set(`${network} ${address}`, num);
  const counts = new Map<number, number>();
  for (const { zone, orig } of entries) {
    const ends = new Set([orig.src, orig.dst].map((address) => byAddress.get(`${zone} ${canonicalBlock(address)}`)));
    for (const num of ends) if (num !== undefined) counts.set(num, (counts.get(num) ?? 0) + 1);
  }
  return counts;
}

/** Of the label, what holds the rule that judged the connection last. */
const RULE_BITS = 0xffff_ffffn;

/** How many connections each rule has. */
function countOfRules(entries: readonly Pick<ConntrackEntry, 'labels'>[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { labels } of entries) {
    const num = Number(labels & RULE_BITS);
    counts.set(num, (counts.get(num) ?? 0) + 1);
  }
  return counts;
}
