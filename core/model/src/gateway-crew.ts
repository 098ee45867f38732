import type { GatewayPhase } from './gateway.ts';

/** A gateway of a group on one host, as far as it says how many there should be. */
export interface CrewMember {
  /** Null before its host has said anything of it. */
  readonly phase: GatewayPhase | null;
  /** Share of its processors that work, over about a minute. */
  readonly busy: number | null;
  readonly createdAt: Date;
}

export interface CrewLimits {
  readonly perHost: number;
  readonly maxPerHost: number;
}

/** So busy on average, they are too few. */
const FULL = 0.8;
/** So busy on average after one has gone, they are enough. */
const EASY = 0.5;
/** A gateway is given its share of the connections that begin after it: so long until it shows what it brought. */
const SETTLED_MS = 120_000;
/** And so long before one goes again. */
const CALM_MS = 600_000;

/**
 * How many gateways of a group should serve on a host: within the group's limits as many as now, one more, or one less.
 * What makes one more is far from what makes one less, and both wait for what the last change brought.
 * @param members those that serve, or are to
 */
export function crewSize({ perHost, maxPerHost }: CrewLimits, members: readonly CrewMember[], now: Date): number {
  const size = members.length;
  if (size < perHost) return perHost;
  if (size > maxPerHost) return maxPerHost;
  const busy = averageOf(members);
  if (busy === undefined) return size;
  const age = Math.min(...members.map(({ createdAt }) => now.getTime() - createdAt.getTime()));
  if (busy >= FULL && size < maxPerHost && age >= SETTLED_MS) return size + 1;
  if (size > perHost && (busy * size) / (size - 1) <= EASY && age >= CALM_MS) return size - 1;
  return size;
}

/** Undefined while one of them is on its way or lost: it does not share the work. */
function averageOf(members: readonly CrewMember[]): number | undefined {
  const busy = members.flatMap((one) => (one.phase === 'up' && one.busy !== null ? [one.busy] : []));
  return busy.length === members.length ? busy.reduce((sum, one) => sum + one, 0) / busy.length : undefined;
}
