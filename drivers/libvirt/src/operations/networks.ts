import * as remote from '../gen/remote.ts';
import type { NetworkRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

export interface DhcpLease {
  interface: string;
  /** Seconds since 1970; 0 never ends. */
  expiry: number;
  family: 'ipv4' | 'ipv6';
  mac: string | null;
  address: string;
  prefix: number;
  hostname: string | null;
  clientId: string | null;
}

/**
 * VIR_DRV_FEATURE_NETWORK_UPDATE_HAS_CORRECT_ORDER (libvirt_internal.h): daemons without it take command and section
 * in each other's place (virNetworkUpdate).
 */
const CORRECT_ORDER = 16;

/** Virtual networks. Rejects with `no-network` where there is none. */
export function networkOperations({ call }: Rpc) {
  return {
    async networks(flags = 0): Promise<NetworkRef[]> {
      return (await call(remote.connectListAllNetworks, { needResults: 1, flags })).nets;
    },
    async networkByName(name: string): Promise<NetworkRef> {
      return (await call(remote.networkLookupByName, { name })).net;
    },
    async networkByUuid(uuid: string): Promise<NetworkRef> {
      return (await call(remote.networkLookupByUuid, { uuid })).net;
    },
    async networkXml(net: NetworkRef, options: { inactive?: boolean } = {}): Promise<string> {
      return (await call(remote.networkGetXmlDesc, { net, flags: options.inactive ? 1 : 0 })).xml;
    },
    async networkBridge(net: NetworkRef): Promise<string> {
      return (await call(remote.networkGetBridgeName, { net })).name;
    },
    async defineNetworkXml(xml: string): Promise<NetworkRef> {
      return (await call(remote.networkDefineXml, { xml })).net;
    },
    /** Makes and starts a transient network. */
    async createNetworkXml(xml: string): Promise<NetworkRef> {
      return (await call(remote.networkCreateXml, { xml })).net;
    },
    async startNetwork(net: NetworkRef): Promise<void> {
      await call(remote.networkCreate, { net });
    },
    /** Stops the network; its definition stays. */
    async destroyNetwork(net: NetworkRef): Promise<void> {
      await call(remote.networkDestroy, { net });
    },
    async undefineNetwork(net: NetworkRef): Promise<void> {
      await call(remote.networkUndefine, { net });
    },
    async isNetworkActive(net: NetworkRef): Promise<boolean> {
      return (await call(remote.networkIsActive, { net })).active === 1;
    },
    async setNetworkAutostart(net: NetworkRef, on: boolean): Promise<void> {
      await call(remote.networkSetAutostart, { net, autostart: on ? 1 : 0 });
    },
    /** Changes one section in place (virNetworkUpdateCommand, virNetworkUpdateSection). */
    async updateNetwork(
      net: NetworkRef,
      change: { command: number; section: number; parentIndex?: number; xml: string; flags?: number },
    ): Promise<void> {
      const { parentIndex = -1, xml, flags = 0 } = change;
      const { supported } = await call(remote.connectSupportsFeature, { feature: CORRECT_ORDER });
      const order = supported === 1 ? change : { command: change.section, section: change.command };
      const { command, section } = order;
      await call(remote.networkUpdate, { net, command, section, parentIndex, xml, flags });
    },
    async dhcpLeases(net: NetworkRef, mac?: string): Promise<DhcpLease[]> {
      const args = { net, mac: mac ?? null, needResults: 1, flags: 0 };
      const { leases } = await call(remote.networkGetDhcpLeases, args);
      return leases.map((lease) => ({
        interface: lease.iface,
        expiry: Number(lease.expirytime),
        family: lease.type === 0 ? 'ipv4' : 'ipv6',
        mac: lease.mac,
        address: lease.ipaddr,
        prefix: lease.prefix,
        hostname: lease.hostname,
        clientId: lease.clientid,
      }));
    },
  };
}
