import { z } from 'zod';
import { GatewayPhase } from './gateway.ts';
import { Id, Instant, Name } from './ids.ts';
import type { HealthItem } from './inventory.ts';

/** What is wrong with the flows of a host, what weighs most first. */
export const FLOW_TROUBLES = ['away', 'losing', 'spooling', 'forged', 'late', 'unjudged', 'clock', 'quiet'] as const;
export type FlowTrouble = (typeof FLOW_TROUBLES)[number];

const Count = z.int().min(0);

/** What has arrived of a host's flows; counts are of the last hour. */
export const FlowArrivals = z.object({
  /** Null where nothing has come for hours. */
  lastBatchAt: Instant.nullable(),
  /** How old the newest flow of a batch was when that came: the most of the last five minutes. Null without any. */
  lagMs: Count.nullable(),
  records: Count,
  names: Count,
  /** That the engine tells to have lost: in the kernel, on the way from the switch, or because its spool was full. */
  lost: Count,
  /** Batches that came again, and were kept once. */
  repeated: Count,
  /** Stored, and not judged by detectors: there was no room in their queue. */
  unjudged: Count,
});
export type FlowArrivals = z.infer<typeof FlowArrivals>;

export const FlowHostHealth = FlowArrivals.extend({
  hostId: Id,
  hostName: Name,
  online: z.boolean(),
  /** Of its size on the host's disk: batches that the platform has not acknowledged. Null before the host has told. */
  spoolPercent: Count.nullable(),
  troubles: z.array(z.enum(FLOW_TROUBLES)),
});
export type FlowHostHealth = z.infer<typeof FlowHostHealth>;

export const FlowGatewayHealth = z.object({
  gatewayId: Id,
  num: Count,
  groupName: Name,
  hostId: Id,
  hostName: Name,
  phase: GatewayPhase.nullable(),
  /** That it has now; null where it does not say. */
  connections: Count.nullable(),
  /** Flows of the last hour that it is told to have inspected. */
  flows: Count,
  /** It is up with connections, and no flow of the last hour speaks of it. */
  silent: z.boolean(),
});
export type FlowGatewayHealth = z.infer<typeof FlowGatewayHealth>;

/** A batch comes each second while there is traffic; one that is older than this has waited somewhere. */
export const FLOW_LATE_MS = 60_000;
/** So long without a batch, and nothing of a host was recorded. */
export const FLOW_QUIET_MS = 600_000;

interface Looked extends FlowArrivals {
  readonly online: boolean;
  readonly health: readonly HealthItem[];
  /** VMs on it that are running and policed. */
  readonly policed: number;
}

/** What of a host's flows needs somebody's attention. */
export function flowTroubles(host: Looked, nowMs: number): FlowTrouble[] {
  const failing = (name: HealthItem['name'], code?: string) =>
    host.health.some((item) => item.name === name && !item.ok && (code === undefined || item.code === code));
  const isQuiet =
    host.policed > 0 && (host.lastBatchAt === null || nowMs - Date.parse(host.lastBatchAt) > FLOW_QUIET_MS);
  const found: Readonly<Record<FlowTrouble, boolean>> = {
    away: !host.online,
    losing: host.lost > 0 || failing('flows', 'lost'),
    spooling: failing('spool'),
    forged: failing('flows', 'forged'),
    late: (host.lagMs ?? 0) > FLOW_LATE_MS,
    unjudged: host.unjudged > 0,
    clock: failing('clock', 'skewed'),
    // Of a host that is away nothing can come: that is said already.
    quiet: host.online && isQuiet,
  };
  return FLOW_TROUBLES.filter((trouble) => found[trouble]);
}
