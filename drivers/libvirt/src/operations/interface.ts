import * as remote from '../gen/remote.ts';
import { paramRecord, type TypedParam } from '../xdr/typed-params.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** Counted since the interface was plugged; -1 where the hypervisor does not count. */
export interface InterfaceStats {
  rxBytes: number;
  rxPackets: number;
  rxErrors: number;
  rxDropped: number;
  txBytes: number;
  txPackets: number;
  txErrors: number;
  txDropped: number;
}

export interface GuestInterface {
  name: string;
  mac: string | null;
  addresses: { family: 'ipv4' | 'ipv6'; address: string; prefix: number }[];
}

/** Where addresses are known from (virDomainInterfaceAddressesSource). */
const SOURCES = { lease: 0, agent: 1, arp: 2 } as const;

/** vNICs of a domain; `device` is the tap on the host or the MAC address. */
export function interfaceOperations({ call }: Rpc) {
  return {
    async interfaceStats(dom: DomainRef, device: string): Promise<InterfaceStats> {
      const stats = await call(remote.domainInterfaceStats, { dom, device });
      return {
        rxBytes: Number(stats.rxBytes),
        rxPackets: Number(stats.rxPackets),
        rxErrors: Number(stats.rxErrs),
        rxDropped: Number(stats.rxDrop),
        txBytes: Number(stats.txBytes),
        txPackets: Number(stats.txPackets),
        txErrors: Number(stats.txErrs),
        txDropped: Number(stats.txDrop),
      };
    },
    /** Addresses by DHCP lease, by the guest's agent (its own claim), or by the host's ARP table. */
    async interfaceAddresses(dom: DomainRef, source: keyof typeof SOURCES): Promise<GuestInterface[]> {
      const { ifaces } = await call(remote.domainInterfaceAddresses, { dom, source: SOURCES[source], flags: 0 });
      return ifaces.map(({ name, hwaddr, addrs }) => ({
        name,
        mac: hwaddr,
        addresses: addrs.map(({ type, addr, prefix }) => ({
          family: type === 0 ? 'ipv4' : 'ipv6',
          address: addr,
          prefix,
        })),
      }));
    },
    /** Bandwidth limits by libvirt's name, such as `inbound.average` (KiB/s). */
    async interfaceParameters(
      dom: DomainRef,
      device: string,
      flags = 0,
    ): Promise<Record<string, number | string | boolean>> {
      const args = { dom, device, nparams: 16, flags };
      return paramRecord((await call(remote.domainGetInterfaceParameters, args)).params);
    },
    async setInterfaceParameters(dom: DomainRef, device: string, params: TypedParam[], flags = 0): Promise<void> {
      await call(remote.domainSetInterfaceParameters, { dom, device, params, flags });
    },
  };
}
