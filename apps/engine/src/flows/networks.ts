import type { HostIntent } from '@hypervigil/model';
import type { Sample } from './sample.ts';

/**
 * Finds the network of a sample by the vNIC at either end: its MAC with its address, since one MAC may be in use on two
 * networks, then its MAC alone. Rebuilt only when the vNICs are others.
 */
export function createNetworkFinder(intent: () => HostIntent): (sample: Sample) => number {
  let indexed: HostIntent['vnics'] | undefined;
  let byEnd = new Map<string, number>();
  const index = (vnics: HostIntent['vnics']): void => {
    indexed = vnics;
    byEnd = new Map();
    for (const { mac, ipv4, ipv6, network } of vnics) {
      for (const ip of [...ipv4, ...ipv6]) byEnd.set(`${mac} ${ip}`, network);
      byEnd.set(mac, network);
    }
  };
  return ({ srcMac, srcIp, dstMac, dstIp }) => {
    const { vnics } = intent();
    if (vnics !== indexed) index(vnics);
    const keys = [`${srcMac} ${srcIp}`, `${dstMac} ${dstIp}`, srcMac, dstMac];
    for (const key of keys) {
      const network = byEnd.get(key);
      if (network !== undefined) return network;
    }
    return 0;
  };
}
