import type { HostIntent } from '@hypervigil/model';
import type { Sample } from './sample.ts';

/**
 * Finds the network of a sample by the vNIC at either end: its MAC with its address, since one MAC may be in use on two
 * networks, then its MAC alone. Rebuilt only when the intent is another.
 */
export function createNetworkFinder(intent: () => HostIntent): (sample: Sample) => number {
  let indexed: HostIntent | undefined;
  let byEnd = new Map<string, number>();
  const index = (now: HostIntent): void => {
    indexed = now;
    byEnd = new Map();
    for (const { mac, ipv4, ipv6, network } of now.vnics) {
      for (const ip of [...ipv4, ...ipv6]) byEnd.set(`${mac} ${ip}`, network);
      byEnd.set(mac, network);
    }
  };
  return ({ srcMac, srcIp, dstMac, dstIp }) => {
    const now = intent();
    if (now !== indexed) index(now);
    const keys = [`${srcMac} ${srcIp}`, `${dstMac} ${dstIp}`, srcMac, dstMac];
    for (const key of keys) {
      const network = byEnd.get(key);
      if (network !== undefined) return network;
    }
    return 0;
  };
}
