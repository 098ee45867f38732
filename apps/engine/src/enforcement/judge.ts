import type { HostIntent, IntentVnic } from '@hypervigil/model';
import type { ConntrackEntry } from '@hypervigil/ovs';
import { evaluate, formatBlock, linkLocal, type Packet, PROTOCOL, parseBlock } from '@hypervigil/policy';

/** Whether the intent allows a tracked connection; undefined when it is none that policy speaks of. */
export type Judge = (entry: ConntrackEntry) => boolean | undefined;

const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = PROTOCOL;
/** `ct_mark` bit of the pipeline: conntrack saw an answer first, so its reply direction is the original one. */
const REVERSED = 1;

/**
 * Judges for one intent after the other. The evaluator looks through all vNICs of the cloud for each packet; here each is
 * found by its addresses, read once for as long as the vNICs stay as they are, and equal questions are answered once.
 */
export function createJudges(): (intent: HostIntent) => Judge {
  let indexed: readonly IntentVnic[] = [];
  let byAddress: ReadonlyMap<string, IntentVnic[]> = new Map();
  const at = (vnics: readonly IntentVnic[], network: number, address: string): IntentVnic[] => {
    if (vnics !== indexed) {
      byAddress = indexByAddress(vnics);
      indexed = vnics;
    }
    return byAddress.get(place(network, address)) ?? [];
  };
  return (intent) => {
    const zones = new Set(intent.networks.map(({ num }) => num));
    const known = new Map<string, boolean>();
    return (entry) => {
      const packet = zones.has(entry.zone) ? firstPacketOf(entry) : undefined;
      if (!packet) return undefined;
      const question = JSON.stringify(packet);
      const answer = known.get(question);
      if (answer !== undefined) return answer;
      const { network, src, dst } = packet;
      const vnics = [...at(intent.vnics, network, src), ...at(intent.vnics, network, dst)];
      const allowed = evaluate({ ...intent, vnics }, packet).verdict === 'allow';
      known.set(question, allowed);
      return allowed;
    };
  };
}

function indexByAddress(vnics: readonly IntentVnic[]): ReadonlyMap<string, IntentVnic[]> {
  const index = new Map<string, IntentVnic[]>();
  for (const vnic of vnics)
    for (const address of [...vnic.ipv4, ...vnic.ipv6, linkLocal(vnic.mac)]) {
      const key = place(vnic.network, address);
      const there = index.get(key);
      if (there) there.push(vnic);
      else index.set(key, [vnic]);
    }
  return index;
}

export function protocolNumber(name: string): number {
  return PROTOCOL_NUMBERS[name] ?? Number(name);
}

function place(network: number, address: string): string {
  const block = parseBlock(address);
  return `${network} ${block ? formatBlock(block) : address}`;
}

function firstPacketOf({ protocol, orig, zone, mark }: ConntrackEntry): Packet | undefined {
  const number = protocolNumber(protocol);
  if (!Number.isInteger(number)) return undefined;
  const turned = (mark & REVERSED) !== 0;
  const [src, dst, port] = turned ? [orig.dst, orig.src, orig.sport] : [orig.src, orig.dst, orig.dport];
  const { icmpType, icmpCode } = orig;
  return {
    network: zone,
    src,
    dst,
    protocol: number,
    ...(port !== undefined && { port }),
    ...(icmpType !== undefined && { icmp: { type: icmpType, code: icmpCode ?? 0 } }),
  };
}
