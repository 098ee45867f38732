import { type Id, isForEveryone, LIMIT_KINDS, type Limit, type LimitKind, type LimitValues } from '@hypervigil/model';

/** How near a limit is to a vNIC: it names the VM, a group that it is in, its network, its tenant, or nobody and so everyone. */
export const NEARNESS = ['vm', 'group', 'network', 'tenant', 'everyone'] as const;
export type Nearness = (typeof NEARNESS)[number];

/** The nearest of the ways in which a limit is about a vNIC; null when it is not. */
export const nearnessOf = (ways: Readonly<Record<Nearness, boolean>>): Nearness | null =>
  NEARNESS.find((one) => ways[one]) ?? null;

type NumberedValues = LimitValues & { readonly num: number };

/** A limit that holds for a vNIC. */
export interface NearLimit<L extends NumberedValues> {
  readonly limit: L;
  readonly nearness: Nearness;
}

/**
 * Which limit counts for a vNIC, of each kind: the nearest; of equally near ones the strictest. So a group may have more
 * than everyone, and a VM less than its group.
 */
export function nearestLimits<L extends NumberedValues>(near: readonly NearLimit<L>[]): Partial<Record<LimitKind, L>> {
  const found: Partial<Record<LimitKind, L>> = {};
  for (const kind of LIMIT_KINDS) {
    const nearest = NEARNESS.map((one) =>
      near.filter(({ limit, nearness }) => nearness === one && limit[kind] !== null).map(({ limit }) => limit),
    ).find((limits) => limits.length > 0);
    const strictest = nearest?.reduce((a, b) => (compareStrictness(a, b, kind) <= 0 ? a : b));
    if (strictest) found[kind] = strictest;
  }
  return found;
}

type NetworkLimit = Pick<Limit, 'num' | 'vmIds' | 'groupIds' | 'networkIds' | 'tenantIds' | 'networkOpen'>;

/**
 * Which limit of connections counts for a network: one that names it before one of its tenant, and that before one of
 * everybody; of equally near ones the smallest. One of VMs or groups alone is about no network.
 */
export function networkLimit<L extends NetworkLimit>(
  limits: readonly L[],
  network: { readonly id: Id; readonly tenantId: Id | null },
): L | undefined {
  const near = limits.flatMap((limit) => {
    const nearness = nearnessOf({
      ...{ vm: false, group: false },
      network: limit.networkIds.includes(network.id),
      tenant: network.tenantId !== null && limit.tenantIds.includes(network.tenantId),
      everyone: isForEveryone(limit),
    });
    const { networkOpen: most } = limit;
    return nearness === null || most === null ? [] : [{ limit, most, rank: NEARNESS.indexOf(nearness) }];
  });
  return near.sort((a, b) => a.rank - b.rank || a.most - b.most || a.limit.num - b.limit.num)[0]?.limit;
}

/** The values of the limits that count. */
export function limitValues(counting: Partial<Record<LimitKind, LimitValues>>): LimitValues {
  const { bandwidthOut, bandwidthIn, newOut, newIn, open } = counting;
  return {
    bandwidthOut: bandwidthOut?.bandwidthOut ?? null,
    bandwidthIn: bandwidthIn?.bandwidthIn ?? null,
    newOut: newOut?.newOut ?? null,
    newIn: newIn?.newIn ?? null,
    open: open?.open ?? null,
  };
}

function compareStrictness(a: NumberedValues, b: NumberedValues, kind: LimitKind): number {
  const [left, right] = [sizeOf(a, kind), sizeOf(b, kind)];
  const at = left.findIndex((value, n) => value !== right[n]);
  return at < 0 ? a.num - b.num : left[at]! - right[at]!;
}

/** Rate, then burst; what is left to the product comes after what is given. */
function sizeOf(values: LimitValues, kind: LimitKind): readonly number[] {
  const given = values[kind];
  if (given === null || typeof given === 'number') return [given ?? Number.POSITIVE_INFINITY];
  const [rate, burst] = 'kbps' in given ? [given.kbps, given.burstKbit] : [given.perSecond, given.burst];
  return [rate, burst ?? Number.POSITIVE_INFINITY];
}
