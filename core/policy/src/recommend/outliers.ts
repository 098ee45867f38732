import type { Traffic } from '../traffic.ts';

/** Recorded traffic with what it takes to learn from it. */
export interface Seen extends Traffic {
  readonly verdict: string;
  readonly flows: number;
  readonly replyPackets: number;
  /** Days on which it was seen, as numbers. */
  readonly days: readonly number[];
}

/**
 * Why a talk teaches nothing: `denied` when it was refused; `scan` when its source tried many doors and few answered;
 * `once` when nothing like it was seen again; `other-tenant` when a tenant's own rules may not speak of it; `link-local`
 * since groups do not hold such addresses; `moved` when its addresses are somebody else's now.
 */
export type OutlierReason = 'denied' | 'scan' | 'once' | 'other-tenant' | 'link-local' | 'moved';

export interface Outlier<T> {
  readonly talk: T;
  readonly reason: OutlierReason;
}

/** So many doors, of which at most a fifth answered. */
const SCAN = { doors: 30, answered: 0.2 } as const;

/** Sources that try doors, as `network address`. */
export function scanners(talks: readonly Seen[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [source, some] of Map.groupBy(talks, sourceOf)) {
    if (some.length < SCAN.doors) continue;
    const doors = new Set(some.map(({ dst, protocol, port }) => `${dst.ip} ${protocol} ${port}`));
    const answered = some.filter(({ verdict, replyPackets }) => verdict === 'allow' && replyPackets > 0).length;
    if (doors.size >= SCAN.doors && answered <= SCAN.answered * some.length) found.add(source);
  }
  return found;
}

export const sourceOf = ({ networkId, src }: Traffic): string => `${networkId} ${src.ip}`;
