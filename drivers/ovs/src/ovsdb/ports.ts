import type { VswitchMirror } from './vswitch.ts';

/** A port of a bridge. libvirt writes `iface-id` and `attached-mac` when it plugs a vNIC. */
export interface OvsPort {
  readonly name: string;
  /** OpenFlow port number; undefined until the switch has opened the device, or when it cannot (`error`). */
  readonly ofport: number | undefined;
  readonly ifaceId: string | undefined;
  /** The vNIC's address where libvirt said it, else the device's own. */
  readonly mac: string | undefined;
  readonly linkUp: boolean;
  readonly error: string | undefined;
  /** `internal`, `patch`, `vxlan`, …; empty for a device of the system, such as a tap. */
  readonly type: string;
  readonly externalIds: ReadonlyMap<string, string>;
}

/** The bridge's ports by name; empty when there is no such bridge. */
export function listPorts({ tables }: VswitchMirror, bridgeName: string): OvsPort[] {
  const bridge = tables.Bridge.values().find(({ name }) => name === bridgeName);
  const ports = [...(bridge?.ports ?? [])].flatMap((uuid) => [...(tables.Port.get(uuid)?.interfaces ?? [])]);
  return ports
    .map((uuid) => tables.Interface.get(uuid))
    .filter((row) => row !== undefined)
    .map(({ name, ofport, mac_in_use, external_ids, link_state, error, type }) => ({
      name,
      // -1: the device could not be opened (ovs-vswitchd.conf.db(5), Interface, ofport).
      ofport: ofport === undefined || ofport < 0 ? undefined : ofport,
      ifaceId: external_ids.get('iface-id'),
      mac: external_ids.get('attached-mac') ?? mac_in_use,
      linkUp: link_state === 'up',
      error,
      type,
      externalIds: external_ids,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Calls `listener` when any property of any port of the bridge changed. Returns how to stop. */
export function watchPorts(
  mirror: VswitchMirror,
  bridge: string,
  listener: (ports: readonly OvsPort[]) => void,
): () => void {
  let last = fingerprint(listPorts(mirror, bridge));
  return mirror.onChange(() => {
    const ports = listPorts(mirror, bridge);
    const now = fingerprint(ports);
    if (now === last) return;
    last = now;
    listener(ports);
  });
}

function fingerprint(ports: readonly OvsPort[]): string {
  return JSON.stringify(ports.map((port) => ({ ...port, externalIds: [...port.externalIds].sort() })));
}
