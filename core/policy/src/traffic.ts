import type { Id } from '@hypervigil/model';
import { canonicalBlock, linkLocal } from './address.ts';
import type { CloudState } from './cloud.ts';
import { getOrAdd } from './maps.ts';
import { type Packet, PROTOCOL } from './packet.ts';

/** Recorded traffic between two addresses on one service. `vmId`: which VM had the address then, if one had. */
export interface Traffic {
  readonly networkId: Id | null;
  readonly src: { readonly vmId: Id | null; readonly ip: string };
  readonly dst: { readonly vmId: Id | null; readonly ip: string };
  readonly protocol: number;
  readonly port: number;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
}

/** Traffic of the past in the cloud as it is: its packet, and the VMs at its ends (none is the outside). */
export interface Placed {
  readonly packet: Packet;
  readonly src: ReadonlySet<Id>;
  readonly dst: ReadonlySet<Id>;
}

/**
 * Finds who is at the ends of recorded traffic now. Undefined where that cannot be said: the network is gone, a VM no longer has
 * the address that it had, or no VM is left at either end.
 */
export type Placer = (traffic: Traffic) => Placed | undefined;

const NOBODY: ReadonlySet<Id> = new Set();
const PORTED: ReadonlySet<number> = new Set([PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.sctp]);

export function createPlacer({ vms, networks }: CloudState): Placer {
  const nums = new Map(networks.map(({ id, num }) => [id, num]));
  const holders = new Map<string, Set<Id>>();
  for (const { id, vnics } of vms)
    for (const { networkId, ipv4, ipv6, mac } of vnics)
      for (const address of [...[...ipv4, ...ipv6].map(canonicalBlock), linkLocal(mac)])
        getOrAdd(holders, `${networkId} ${address}`, () => new Set()).add(id);

  return ({ networkId, src, dst, protocol, port, icmpType, icmpCode }) => {
    const network = networkId === null ? undefined : nums.get(networkId);
    if (network === undefined) return undefined;
    const found = ({ ip }: Traffic['src']) => holders.get(`${networkId} ${canonicalBlock(ip)}`) ?? NOBODY;
    const [from, to] = [found(src), found(dst)];
    const isElsewhere = from.size + to.size === 0 || isMoved(src.vmId, from) || isMoved(dst.vmId, to);
    if (isElsewhere) return undefined;
    const service = PORTED.has(protocol)
      ? { port }
      : icmpType === null
        ? {}
        : { icmp: { type: icmpType, code: icmpCode ?? 0 } };
    return { packet: { network, src: src.ip, dst: dst.ip, protocol, ...service }, src: from, dst: to };
  };
}

const isMoved = (then: Id | null, now: ReadonlySet<Id>): boolean => then !== null && !now.has(then);
