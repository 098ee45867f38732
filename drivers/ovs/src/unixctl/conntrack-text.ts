import { OvsError } from '../errors.ts';

/** One direction of a connection. */
export interface ConntrackTuple {
  readonly src: string;
  readonly dst: string;
  /** TCP, UDP, SCTP; else undefined, as are the following three unless the protocol is ICMP. */
  readonly sport: number | undefined;
  readonly dport: number | undefined;
  readonly icmpId: number | undefined;
  readonly icmpType: number | undefined;
  readonly icmpCode: number | undefined;
}

export interface ConntrackEntry {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, …, or the protocol's number. */
  readonly protocol: string;
  readonly orig: ConntrackTuple;
  readonly reply: ConntrackTuple;
  readonly zone: number;
  readonly mark: number;
  /** All 128 bits of ct_label. */
  readonly labels: bigint;
  /** `ESTABLISHED` and so on for TCP and SCTP; else empty. */
  readonly state: string;
}

/** Two tuples of IPv6 with all else take about 500 characters. */
const maxLine = 2_000;

/** Reads the lines of `dpctl/dump-conntrack`. Throws `bad-output` at a line that is none. */
export function parseConntrack(text: string): ConntrackEntry[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseEntry);
}

/** `tcp,orig=(…),reply=(…),zone=1,mark=2,labels=0x3,protoinfo=(state=ESTABLISHED)` (OVS lib/ct-dpif.c, ct_dpif_format_entry). */
function parseEntry(line: string): ConntrackEntry {
  if (line.length > maxLine) throw new OvsError('bad-output', `A conntrack entry has at most ${maxLine} characters.`);
  const [, protocol = '', rest = ''] = /^([a-z0-9]+),(.*)$/.exec(line.trim()) ?? [];
  const fields = new Map<string, string>();
  for (const [, name = '', group, bare] of rest.matchAll(/([a-z_]+)=(?:\(([^()]*)\)|([^,()]*))/g)) {
    fields.set(name, group ?? bare ?? '');
  }
  const [orig, reply] = [fields.get('orig'), fields.get('reply')];
  if (orig === undefined || reply === undefined) {
    throw new OvsError('bad-output', `This is no conntrack entry: ${line.slice(0, 200)}`);
  }
  return {
    protocol,
    orig: parseTuple(orig, line),
    reply: parseTuple(reply, line),
    zone: count(fields.get('zone')) ?? 0,
    mark: count(fields.get('mark')) ?? 0,
    labels: hex(fields.get('labels'), line),
    state: /\bstate=([A-Z_0-9]+)/.exec(fields.get('protoinfo') ?? '')?.[1] ?? '',
  };
}

function parseTuple(text: string, line: string): ConntrackTuple {
  const fields = new Map(
    text.split(',').map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
  const [src, dst] = [fields.get('src'), fields.get('dst')];
  if (src === undefined || dst === undefined) {
    throw new OvsError('bad-output', `This conntrack entry has no addresses: ${line.slice(0, 200)}`);
  }
  return {
    src,
    dst,
    sport: count(fields.get('sport')),
    dport: count(fields.get('dport')),
    icmpId: count(fields.get('id')),
    icmpType: count(fields.get('type')),
    icmpCode: count(fields.get('code')),
  };
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function hex(text: string | undefined, line: string): bigint {
  if (text === undefined) return 0n;
  if (!/^0x[0-9a-f]{1,32}$/.test(text))
    throw new OvsError('bad-output', `This conntrack entry has no valid labels: ${line.slice(0, 200)}`);
  return BigInt(text);
}
