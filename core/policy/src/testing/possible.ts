import { canonicalBlock, linkLocal } from '../address.ts';
import type { CloudState, CloudVm } from '../cloud.ts';
import type { Packet } from '../packet.ts';

/** VMs that have an address on a network; looked for one by one. */
export function holders({ vms, networks }: CloudState, network: number, address: string): CloudVm[] {
  const place = networks.find(({ num }) => num === network)?.id;
  return vms.filter(({ vnics }) =>
    vnics.some(
      ({ networkId, ipv4, ipv6, mac }) =>
        place !== undefined &&
        networkId === place &&
        [...ipv4, ...ipv6, linkLocal(mac)].map(canonicalBlock).includes(address),
    ),
  );
}

/** Whether a packet is somebody's to send, and is judged: not to oneself, and a VM is at one end at least. */
export function isPossible(cloud: CloudState, { network, src, dst }: Packet): boolean {
  return src !== dst && holders(cloud, network, src).length + holders(cloud, network, dst).length > 0;
}
