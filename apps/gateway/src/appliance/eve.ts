import { GatewayAlert } from '@hypervigil/contract';
import { z } from 'zod';

/** A line of EVE that we keep: where it was seen is told by its VLAN. */
export type Eve = Omit<GatewayAlert, 'net'> & { readonly vlan: number | null };

/** IANA, "Protocol Numbers". */
const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 } as const;

/** Suricata's names of protocols (its table of known ones; others are numbers and of no use here). */
const PROTOCOLS: Readonly<Record<string, number>> = {
  TCP: PROTOCOL.tcp,
  UDP: PROTOCOL.udp,
  SCTP: PROTOCOL.sctp,
  ICMP: PROTOCOL.icmp,
  'IPv6-ICMP': PROTOCOL.icmpv6,
};

const Port = z.int().min(0).max(65_535).default(0);
const Byte = z.int().min(0).max(255).default(0);
const text = (length: number) => z.string().transform((all) => all.slice(0, length));

const Common = z.object({
  timestamp: z.string().max(64),
  src_ip: z.string().max(45),
  dest_ip: z.string().max(45),
  src_port: Port,
  dest_port: Port,
  icmp_type: Byte,
  icmp_code: Byte,
  proto: z.string().max(32),
  vlan: z.array(z.int().min(0).max(4095)).max(8).optional(),
  app_proto: text(64).optional(),
});
/** "Eve JSON Format" of Suricata's documentation, as far as we keep it; fields that we do not know are left out. */
const Event = z.discriminatedUnion('event_type', [
  Common.extend({
    event_type: z.literal('alert'),
    alert: z.object({
      signature_id: z.int(),
      rev: z.int(),
      signature: text(255).default(''),
      category: text(255).default(''),
      severity: z.int().default(3),
    }),
  }),
  Common.extend({
    event_type: z.literal('anomaly'),
    anomaly: z.object({ type: text(64), event: text(128).default('') }),
  }),
]);

const Kept = GatewayAlert.omit({ net: true });

/** What it says of a protocol that it did not recognise. */
const UNKNOWN: ReadonlySet<string | undefined> = new Set(['failed', 'unknown']);

/** Suricata's own default of what is neither serious nor nothing. */
const ANOMALY = { id: 0, revision: 0, category: 'Anomaly', severity: 3 } as const;

/** Undefined for everything that is no alert and no anomaly of a connection: it comes from a program that reads hostile bytes. */
export function parseEve(line: string): Eve | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { data: event } = Event.safeParse(json);
  if (event === undefined) return undefined;
  const protocol = PROTOCOLS[event.proto];
  const isIcmp = protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
  const seen = {
    ...saidIn(event),
    application: UNKNOWN.has(event.app_proto) ? null : (event.app_proto ?? null),
    atMs: Date.parse(event.timestamp),
    protocol,
    srcIp: event.src_ip,
    dstIp: event.dest_ip,
    srcPort: isIcmp ? 0 : event.src_port,
    dstPort: isIcmp ? event.icmp_type * 256 + event.icmp_code : event.dest_port,
  };
  const { data } = Kept.safeParse(seen);
  return data && { ...data, vlan: event.vlan?.[0] ?? null };
}

function saidIn(event: z.infer<typeof Event>) {
  if (event.event_type === 'anomaly') return { ...ANOMALY, message: `${event.anomaly.type}: ${event.anomaly.event}` };
  const { signature_id: id, rev: revision, signature: message, category, severity } = event.alert;
  return { id, revision, message, category, severity };
}
