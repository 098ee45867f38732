import type { HostIntent, IntentVnic } from '@hypervigil/model';
import { linkLocal, type Packet, PROTOCOL } from '@hypervigil/policy';
import { portOf, UPLINK } from './harness.ts';

/** A frame as `ofproto/trace` takes it. */
export type Frame = Readonly<Record<string, string | number>>;

const ROUTER = '02:00:00:00:00:01';
const CLIENT_PORT = 40000;

export function frameText({ word, ...fields }: Frame): string {
  return [word, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)].join(',');
}

const WORDS = new Map([
  [PROTOCOL.icmp, 'icmp'],
  [PROTOCOL.tcp, 'tcp'],
  [PROTOCOL.udp, 'udp'],
  [PROTOCOL.sctp, 'sctp'],
  [PROTOCOL.icmpv6, 'icmp'],
] as [number, string][]);

/** The frame that carries a packet, where it enters this host: at its vNIC, or over the trunk. */
export function frameOf(packet: Packet, intent: HostIntent, local: ReadonlySet<number>): Frame {
  const src = holder(packet.src, packet.network, intent, local);
  const dst = holder(packet.dst, packet.network, intent, local);
  const six = packet.src.includes(':');
  const word = WORDS.get(packet.protocol);
  const vlan = intent.networks.find(({ num }) => num === packet.network)?.vlan ?? null;
  const enters = src && local.has(src.num) ? { in_port: portOf(src.num) } : { in_port: UPLINK, ...tag(vlan) };
  return {
    word: six ? (word ? `${word}6` : 'ipv6') : (word ?? 'ip'),
    ...enters,
    dl_src: src?.mac ?? ROUTER,
    dl_dst: dst?.mac ?? ROUTER,
    ...(six ? { ipv6_src: packet.src, ipv6_dst: packet.dst } : { nw_src: packet.src, nw_dst: packet.dst }),
    ...(word ? {} : { nw_proto: packet.protocol }),
    ...icmpOf(packet, packet.icmp?.type ?? 0),
    ...portsOf(packet, CLIENT_PORT, packet.port ?? 0),
    ...(packet.protocol === PROTOCOL.tcp ? { tcp_flags: 'syn' } : {}),
    nw_ttl: 64,
  };
}

/** The answer to a packet: ends and ports exchanged. */
export function replyOf(packet: Packet, intent: HostIntent, local: ReadonlySet<number>): Frame {
  const back = frameOf(asNew(packet), intent, local);
  return {
    ...back,
    ...icmpOf(packet, packet.icmp?.type === 8 ? 0 : 129),
    ...portsOf(packet, packet.port ?? 0, CLIENT_PORT),
    ...(packet.protocol === PROTOCOL.tcp ? { tcp_flags: 'ack' } : {}),
  };
}

/** `ofproto/trace` wants each protocol's own names. */
function portsOf({ protocol, port }: Packet, src: number, dst: number): Frame {
  const word = WORDS.get(protocol);
  return port === undefined ? {} : { [`${word}_src`]: src, [`${word}_dst`]: dst };
}

function icmpOf({ icmp, src }: Packet, type: number): Frame {
  const word = src.includes(':') ? 'icmpv6' : 'icmp';
  return icmp ? { [`${word}_type`]: type, [`${word}_code`]: icmp.code } : {};
}

/** The answer, taken for the beginning of a connection. */
export function asNew({ src, dst, port, ...packet }: Packet): Packet {
  return { ...packet, src: dst, dst: src, ...(port === undefined ? {} : { port: CLIENT_PORT }) };
}

/** The vNIC with an address, one on this host by preference. */
export function holder(
  address: string,
  network: number,
  { vnics }: HostIntent,
  local: ReadonlySet<number>,
): IntentVnic | undefined {
  const holders = vnics.filter(
    (vnic) => vnic.network === network && [...vnic.ipv4, ...vnic.ipv6, linkLocal(vnic.mac)].includes(address),
  );
  return holders.find(({ num }) => local.has(num)) ?? holders[0];
}

function tag(vlan: number | null): Record<string, number> {
  return vlan === null ? {} : { dl_vlan: vlan, dl_vlan_pcp: 0 };
}
