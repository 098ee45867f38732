import type { HostIntentPatch, IntentLimit, IntentVnic, LimitValues } from '@hypervigil/model';
import { limitValues, linkLocal, type NearLimit, type Nearness, nearestLimits, nearnessOf } from '@hypervigil/policy';

/** Which limits count for vNICs. */
export interface LimitTable {
  update(patch: HostIntentPatch['limits']): void;
  /** Null when it has none. */
  of(vnic: IntentVnic): LimitValues | null;
}

/** @param hasMember whether a set holds an address on a network */
export function createLimitTable(hasMember: (set: number, network: number, address: string) => boolean): LimitTable {
  const limits = new Map<number, IntentLimit>();

  function nearness(limit: IntentLimit, vnic: IntentVnic): Nearness | null {
    // Every vNIC has this address, whatever others it has: so a group's set says which vNICs are in the group.
    const address = linkLocal(vnic.mac);
    return nearnessOf({
      vm: limit.vmIds.includes(vnic.vmId),
      group: limit.sets?.some((set) => hasMember(set, vnic.network, address)) ?? false,
      network: limit.networks.includes(vnic.network),
      tenant: vnic.tenant !== null && limit.tenants.includes(vnic.tenant),
      everyone: limit.sets === null,
    });
  }

  return {
    update({ upsert, remove }) {
      for (const num of remove) limits.delete(num);
      for (const limit of upsert) limits.set(limit.num, limit);
    },
    of(vnic) {
      if (limits.size === 0) return null;
      const near = [...limits.values()].flatMap((limit): NearLimit<IntentLimit>[] => {
        const how = nearness(limit, vnic);
        return how ? [{ limit, nearness: how }] : [];
      });
      const counting = nearestLimits(near);
      return Object.keys(counting).length === 0 ? null : limitValues(counting);
    },
  };
}
