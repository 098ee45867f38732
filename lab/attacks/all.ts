import type { Attack } from '../src/attack.ts';
import { connectionHoard } from './connection-hoard.ts';
import { craftedMac, gatewaySpoof } from './crafted-mac.ts';
import { crossTenantIcmp } from './cross-tenant-icmp.ts';
import { crossTenantTcp } from './cross-tenant-tcp.ts';
import { forbiddenName, sshOn443, unheardRule } from './disguise.ts';
import { extensionHeaders, hiddenRa } from './extension-headers.ts';
import { foreignFrames } from './foreign-frames.ts';
import { foreignMirror } from './foreign-mirror.ts';
import { forgedExporter } from './forged-exporter.ts';
import { forgedFlowLog } from './forged-flow-log.ts';
import { forgottenListener } from './forgotten-listener.ts';
import { fragments } from './fragments.ts';
import { chainSkip, gatewayBypass, gatewayCrossTenant } from './gateway-bypass.ts';
import { gatewayGap } from './gateway-gap.ts';
import { icmpErrorInjection, udpReplyInjection } from './injection.ts';
import { ipv4Spoof, ipv6Spoof } from './ip-spoof.ts';
import { knownBadAddress } from './known-bad-address.ts';
import { knownExploit } from './known-exploit.ts';
import { macSpoof } from './mac-spoof.ts';
import { migrationGap } from './migration-gap.ts';
import { arpSpoof, ndSpoof } from './neighbour-spoof.ts';
import { bruteForce, halfOpenFlood, hostSweep } from './noticed-by-flows.ts';
import { dnsTunnel, mining } from './noticed-by-gateways.ts';
import { quarantineEscape } from './quarantine-escape.ts';
import { rejectReflection } from './reject-reflection.ts';
import { restartGap } from './restart-gap.ts';
import { revokedConnection } from './revoked-connection.ts';
import { rogueDhcp } from './rogue-dhcp.ts';
import { rogueRa } from './rogue-ra.ts';
import { scan } from './scan.ts';
import { synFlood } from './syn-flood.ts';
import { tcpFlags } from './tcp-flags.ts';
import { tenantWritesForAnother } from './tenant-writes-for-another.ts';
import { undisturbedGuessing } from './undisturbed.ts';
import { vlanHop } from './vlan-hop.ts';

/** Those on what passes gateways. The gateways that the first starts stay for the others. */
export const GATEWAY_ATTACKS: readonly Attack[] = [
  gatewayBypass,
  gatewayCrossTenant,
  gatewayGap,
  sshOn443,
  forbiddenName,
  unheardRule,
  chainSkip,
  dnsTunnel,
  mining,
];

/** Those on what a host's switch polices, and on the platform. */
export const HOST_ATTACKS: readonly Attack[] = [
  crossTenantTcp,
  crossTenantIcmp,
  scan,
  macSpoof,
  ipv4Spoof,
  ipv6Spoof,
  arpSpoof,
  ndSpoof,
  gatewaySpoof,
  craftedMac,
  rogueRa,
  hiddenRa,
  rogueDhcp,
  vlanHop,
  foreignFrames,
  fragments,
  extensionHeaders,
  tcpFlags,
  icmpErrorInjection,
  udpReplyInjection,
  revokedConnection,
  tenantWritesForAnother,
  foreignMirror,
  quarantineEscape,
  rejectReflection,
  synFlood,
  connectionHoard,
  migrationGap,
  restartGap,
  knownBadAddress,
  forgottenListener,
  forgedFlowLog,
  forgedExporter,
  hostSweep,
  bruteForce,
  undisturbedGuessing,
  halfOpenFlood,
];

/** Those that need an image of gateways with more than every image has. */
export const IMAGE_ATTACKS: readonly Attack[] = [knownExploit];

/** Every attack, in the order in which they are shown. */
export const ATTACKS: readonly Attack[] = [...HOST_ATTACKS, ...GATEWAY_ATTACKS, ...IMAGE_ATTACKS];
