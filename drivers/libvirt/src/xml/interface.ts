import { flag, number, switches, text, word } from './field.ts';
import type { Shape, Sourced } from './shape.ts';

/** Offloads by libvirt's name (`csum`, `gso`, `tso4`, `tso6`, `ecn`, `ufo`, and `mrg_rxbuf` of the host). */
export type Offloads = Record<string, boolean>;

/** A vNIC (https://libvirt.org/formatdomain.html#network-interfaces). */
export interface InterfaceModel extends Sourced {
  type: 'bridge' | 'network' | 'ethernet' | 'direct' | 'user' | 'hostdev' | 'vhostuser' | 'vdpa' | (string & {});
  mac?: string;
  /** The bridge, for `type='bridge'`, and in live XML also of a network. */
  bridge?: string;
  network?: string;
  portGroup?: string;
  /** The host's device, for `type='direct'`. */
  sourceDevice?: string;
  /** `openvswitch`, `802.1Qbg`, … */
  virtualPort?: string;
  /** Open vSwitch's `iface-id`. */
  interfaceId?: string;
  profileId?: string;
  /** The tap on the host; known while the domain runs. */
  target?: string;
  model?: string;
  driver?: string;
  queues?: number;
  hostOffloads?: Offloads;
  guestOffloads?: Offloads;
  alias?: string;
  mtu?: number;
  linkState?: 'up' | 'down';
  /** Whether ports of the same bridge are kept from each other. */
  isolated?: boolean;
  filter?: string;
  trustGuestRxFilters?: boolean;
}

export const interfaceShape: Shape<InterfaceModel> = {
  type: word('@type'),
  trustGuestRxFilters: flag('@trustGuestRxFilters'),
  mac: text('mac/@address'),
  bridge: text('source/@bridge'),
  network: text('source/@network'),
  portGroup: text('source/@portgroup'),
  sourceDevice: text('source/@dev'),
  virtualPort: text('virtualport/@type'),
  interfaceId: text('virtualport/parameters/@interfaceid'),
  profileId: text('virtualport/parameters/@profileid'),
  target: text('target/@dev'),
  model: text('model/@type'),
  driver: text('driver/@name'),
  queues: number('driver/@queues'),
  hostOffloads: switches('driver/host'),
  guestOffloads: switches('driver/guest'),
  filter: text('filterref/@filter'),
  linkState: word('link/@state'),
  mtu: number('mtu/@size'),
  isolated: flag('port/@isolated'),
  alias: text('alias/@name'),
};
