import { ELEMENT, encodeMessage, type FieldSpec, type FieldValue } from '@hypervigil/ipfix';
import { SYNTHETIC_RULES } from '@hypervigil/model';
import type { Lab } from './lab.ts';
import { runInHostOk } from './spawn.ts';

export const NOBODY = 65_534;

/** Frames of a message as hex on standard input, from an address to every one of these ports of loopback, three times. */
const SEND = `my @messages = map { pack 'H*', s/\\s//gr } <STDIN>;
use Socket;
my ($source, @ports) = @ARGV;
for my $port (@ports) {
  socket my $socket, AF_INET, SOCK_DGRAM, 0 or die;
  bind $socket, pack_sockaddr_in(0, inet_aton($source)) or die;
  connect $socket, pack_sockaddr_in($port, INADDR_LOOPBACK) or die;
  for (1 .. 3) { send $socket, $_, 0 for @messages; select undef, undef, undef, 0.3 }
}`;

interface Teller {
  /** The user that it runs as. */
  readonly uid: number;
  /** The address of loopback that it sends from. */
  readonly source: string;
}

/** Says something on a host to whoever waits for datagrams on its 127.0.0.1. */
export async function tell(lab: Lab, host: string, { uid, source }: Teller, message: Buffer): Promise<void> {
  const user = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--inh-caps=-all', '--'];
  const argv = [...user, 'perl', '-e', SEND, source, ...(await loopbackListeners(lab, host))];
  await runInHostOk(lab, host, argv, { input: message.toString('hex') });
}

/** Ports of UDP sockets of the host that wait on 127.0.0.1, as everybody there can see them (proc(5)). */
async function loopbackListeners(lab: Lab, host: string): Promise<string[]> {
  const table = await runInHostOk(lab, host, ['cat', '/proc/net/udp']);
  return [...table.matchAll(/ 0100007F:([0-9A-F]{4}) 00000000:0000 /g)].map(([, port]) =>
    String(Number.parseInt(port!, 16)),
  );
}

interface ToldFlow {
  readonly from: string;
  readonly mac: string;
  readonly to: string;
  readonly port: number;
  /** Observation domain. */
  readonly domain: number;
}

/** One connection of one packet, template and record in one message (RFC 7011). */
export function flowMessage({ from, mac, to, port, domain }: ToldFlow): Buffer {
  const octets = (address: string) => Uint8Array.from(address.split('.').map(Number));
  const at = BigInt(Date.now());
  const values: readonly (readonly [element: number, length: number, value: FieldValue])[] = [
    [ELEMENT.observationPointId, 4, SYNTHETIC_RULES['same-tenant']],
    [ELEMENT.ipVersion, 1, 4],
    [ELEMENT.protocolIdentifier, 1, 6],
    [ELEMENT.sourceIPv4Address, 4, octets(from)],
    [ELEMENT.destinationIPv4Address, 4, octets(to)],
    [ELEMENT.sourceTransportPort, 2, 40_000],
    [ELEMENT.destinationTransportPort, 2, port],
    [ELEMENT.sourceMacAddress, 6, Uint8Array.from(Buffer.from(mac.replaceAll(':', ''), 'hex'))],
    [ELEMENT.destinationMacAddress, 6, new Uint8Array(6)],
    [ELEMENT.octetDeltaCount, 8, 60n],
    [ELEMENT.packetDeltaCount, 8, 1n],
    [ELEMENT.flowStartMilliseconds, 8, at],
    [ELEMENT.flowEndMilliseconds, 8, at],
  ];
  const fields = values.map(([id, length]): FieldSpec => ({ id, length, enterprise: 0 }));
  const template = { id: 256, fields };
  return encodeMessage({
    ...{ version: 10, exportMs: Number(at), sequence: 0, domain },
    sets: [
      { kind: 'templates', templates: [template] },
      { kind: 'data', template, records: [values.map(([, , value]) => value)] },
    ],
  });
}
