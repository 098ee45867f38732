import type { Attack } from '../src/attack.ts';
import { crossTenantIcmp } from './cross-tenant-icmp.ts';
import { crossTenantTcp } from './cross-tenant-tcp.ts';
import { forgottenListener } from './forgotten-listener.ts';
import { ipv4Spoof, ipv6Spoof } from './ip-spoof.ts';
import { macSpoof } from './mac-spoof.ts';
import { migrationGap } from './migration-gap.ts';
import { arpSpoof, ndSpoof } from './neighbour-spoof.ts';
import { revokedConnection } from './revoked-connection.ts';
import { rogueDhcp } from './rogue-dhcp.ts';
import { rogueRa } from './rogue-ra.ts';
import { vlanHop } from './vlan-hop.ts';

/** Every attack, in the order in which they are shown. */
export const ATTACKS: readonly Attack[] = [
  crossTenantTcp,
  crossTenantIcmp,
  macSpoof,
  ipv4Spoof,
  ipv6Spoof,
  arpSpoof,
  ndSpoof,
  rogueRa,
  rogueDhcp,
  vlanHop,
  revokedConnection,
  migrationGap,
  forgottenListener,
];
