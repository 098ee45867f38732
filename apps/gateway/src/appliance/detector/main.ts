import { readFileSync } from 'node:fs';
import { decodeMark } from '@hypervigil/gateway-rules';
import { createPcapReader } from '@hypervigil/pcap';
import type { DetectorReport } from '../detector-report.ts';
import { DNS_PORT, dnsDetails, parseDns } from './dns.ts';
import { createEnough, type Enough } from './enough.ts';
import { LINKTYPE_ETHERNET, parseEthernet } from './ethernet.ts';
import { readFinding } from './findings.ts';
import { type Detection, openNdpi } from './ndpi.ts';
import { type CopiedPacket, LINKTYPE_NFLOG, parseNflog } from './nflog.ts';
import { connectionKey, hasPorts, type PacketTuple, parsePacket, turned, udpPayload } from './packet.ts';
import { createQuestions } from './questions.ts';

/**
 * Looks into copies of packets, in a process of its own without any right: they are hostile, and nDPI is C. What it finds it
 * writes as lines of JSON; who reads them does not believe it either.
 */
const MAX_CONNECTIONS = 16_384;
const MAX_PACKETS = 32;

interface Watched {
  readonly tuple: PacketTuple;
  readonly detection: Detection;
  packets: number;
  said: string;
}

const report = (line: DetectorReport) => process.stdout.write(`${JSON.stringify(line)}\n`);

const ndpi = openNdpi();

/** What opens a connection comes in left, and answers right: the first packet that is seen may be an answer. */
const right = Number(readFileSync('/sys/class/net/right/ifindex', 'utf8'));

/** In the order of their last packet. */
const watched = new Map<string, Watched>();

/** Of what the firewall copies nothing comes after the beginning; of what a mirror sends everything does. */
let enough: Enough | undefined;

/** @param tuple as the connection was opened */
function see({ vlan, mark, packet }: CopiedPacket, tuple: PacketTuple, atMs: number): void {
  const key = connectionKey(vlan, tuple);
  if (enough?.has(key, atMs)) return;
  const known = watched.get(key);
  watched.delete(key);
  const one = known ?? { tuple, detection: ndpi.begin(), packets: 0, said: '' };
  one.packets++;
  const json = one.detection.look(packet, atMs);
  const finding = json === one.said ? undefined : readFinding(json);
  if (finding) {
    one.said = json;
    report({ type: 'recognised', vlan, mark, ...one.tuple, atMs, ...finding });
  }
  if (one.packets >= MAX_PACKETS) {
    one.detection.end();
    enough?.add(key, atMs);
  } else watched.set(key, one);
  if (watched.size <= MAX_CONNECTIONS) return;
  const [oldest, { detection }] = watched.entries().next().value!;
  watched.delete(oldest);
  detection.end();
}

const questions = createQuestions(({ vlan, tuple, atMs, name, ...said }) =>
  report({ type: 'asked', vlan, ...tuple, atMs, name, details: dnsDetails(said) }),
);
const SWEEP_MS = 1_000;
setInterval(() => questions.sweep(Date.now()), SWEEP_MS);

/** nDPI keeps one name of a connection, and a resolver asks for many over one. */
function listen(vlan: number | null, tuple: PacketTuple, packet: Buffer, atMs: number): void {
  if (tuple.dstPort !== DNS_PORT && tuple.srcPort !== DNS_PORT) return;
  const payload = udpPayload(packet);
  const message = payload && parseDns(payload);
  if (message) questions.hear(vlan, tuple, message, atMs);
}

let parse = parseNflog;
const read = createPcapReader({
  onHeader(linkType) {
    if (linkType === LINKTYPE_ETHERNET) {
      parse = parseEthernet;
      enough = createEnough();
    } else if (linkType !== LINKTYPE_NFLOG) throw new RangeError(`link type ${linkType}`);
    // tcpdump writes this when the kernel copies packets to it.
    report({ type: 'running', version: ndpi.version });
  },
  onRecord({ data, atMs }) {
    const copied = parse(data);
    const tuple = copied && parsePacket(copied.packet);
    if (!copied || !tuple) return;
    const { mark, vlan, port, packet } = copied;
    if (decodeMark(mark)?.verdict === 'deny')
      report({ type: 'denied', vlan, ...tuple, atMs, mark, bytes: packet.length });
    else {
      listen(vlan, tuple, packet, atMs);
      see(copied, port === right && hasPorts(tuple) ? turned(tuple) : tuple, atMs);
    }
  },
});
process.stdin.on('data', read);
