import { SYNTHETIC_RULES } from '@hypervigil/model';
import type { SeenName } from '../dns-tunnel.ts';
import { isOutside } from '../outside.ts';
import type { SeenEnd, SeenFlow, SightingContext, ThreatLookup } from '../sighting.ts';
import { type Random, randomFrom } from './random.ts';

/** A record of a flow or a name, and when it reaches the platform, milliseconds since the beginning. */
export type Arrival = { readonly atMs: number } & (
  | { readonly flow: SeenFlow; readonly name?: undefined }
  | { readonly name: SeenName; readonly flow?: undefined }
);

/** VMs of the generated cloud. */
export const VMS = {
  own: {
    ip: '10.1.0.5',
    vmId: '00000000-0000-4000-8000-000000000005',
    tenantId: '00000000-0000-4000-9000-000000000001',
  },
  peer: {
    ip: '10.1.0.9',
    vmId: '00000000-0000-4000-8000-000000000009',
    tenantId: '00000000-0000-4000-9000-000000000001',
  },
  foreign: {
    ip: '10.2.0.7',
    vmId: '00000000-0000-4000-8000-000000000027',
    tenantId: '00000000-0000-4000-9000-000000000002',
  },
} as const;
type Machine = Omit<SeenEnd, 'port'>;

const COUNTRIES = [
  'AT',
  'BR',
  'CN',
  'DE',
  'EG',
  'FR',
  'GB',
  'IN',
  'JP',
  'KR',
  'MX',
  'NL',
  'PL',
  'SE',
  'SG',
  'TR',
  'US',
  'ZA',
];

/** Whose addresses begin alike is in one country and one autonomous system; nobody but those of 203.0.113.0/24 is in Iceland. */
export function outside(ip: string): Machine {
  const first = Number(ip.split('.')[0]);
  const country = first === 203 ? 'IS' : COUNTRIES[first % COUNTRIES.length]!;
  return { ip, vmId: null, tenantId: null, ...(isOutside({ ip, vmId: null }) && { country, asn: 64_512 + first }) };
}

/** In the internet. */
export const somewhere = (random: Random): Machine =>
  outside(`${random.int(11, 99)}.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}`);

/** That a threat set lists. */
export const LISTED = outside('198.51.100.66');

const threatOf: ThreatLookup = (ip) =>
  ip === LISTED.ip ? { set: 'bad-hosts', source: 'https://feeds.example/list', checkedMs: 0 } : null;

/** Revision 8 has rule 100 and no other. */
export const CONTEXT: SightingContext = { threatOf, published: { revision: () => 8, hasRule: (num) => num === 100 } };

interface Connection {
  readonly atMs: number;
  readonly from?: Machine;
  readonly to: Machine;
  readonly port: number;
  readonly protocol?: number;
  readonly packets?: number;
  readonly replyPackets?: number;
  readonly bytes?: number;
  readonly replyBytes?: number;
  readonly ms?: number;
  /** The rule that refuses it. */
  readonly deniedBy?: number;
  /** The rule that allows it; that of the policy where nothing is said. */
  readonly allowedBy?: number;
  readonly inspection?: SeenFlow['inspection'];
}

/** Writes down what happens as the switch and the engine would: in records about a second long, each a little late. */
function createRecorder(random: Random) {
  const arrivals: Arrival[] = [];
  let count = 0;
  return {
    add(one: Connection): void {
      const { atMs, from = VMS.own, to, port, protocol = 6, deniedBy, ms = 20, inspection = null } = one;
      const { packets = 6, replyPackets = 5 } = one;
      const { bytes = packets * 90, replyBytes = replyPackets * 400 } = one;
      const denied = deniedBy !== undefined;
      const key = `${count++}`.padStart(8, '0');
      const parts = Math.min(10, Math.floor(ms / 1000) + 1);
      const share = (n: number, i: number) => Math.floor((n * (i + 1)) / parts) - Math.floor((n * i) / parts);
      for (let i = 0; i < parts; i++) {
        const endMs = atMs + Math.round((ms * (i + 1)) / parts);
        arrivals.push({
          atMs: endMs + 1000 + random.int(0, 1000),
          flow: {
            ...{ key, protocol, startMs: atMs, endMs },
            point: from.vmId === null ? 'ingress' : 'egress',
            src: { ...from, port: 40_000 + (count % 20_000) },
            dst: { ...to, port },
            verdict: denied ? 'deny' : 'allow',
            ruleNum: deniedBy ?? one.allowedBy ?? 100,
            revision: 8,
            inspection,
            bytes: share(bytes, i),
            packets: share(packets, i),
            replyBytes: denied ? 0 : share(replyBytes, i),
            replyPackets: denied ? 0 : share(replyPackets, i),
          },
        });
      }
    },
    /** A question to the resolver, as the gateway on the way tells of it. */
    ask(atMs: number, name: string): void {
      const peer = { ip: '10.1.0.2', vmId: null, tenantId: null };
      arrivals.push({ atMs: atMs + 1000 + random.int(0, 1000), name: { vmId: VMS.own.vmId, name, atMs, peer } });
    },
    /** In the order of arrival. */
    arrivals: () => arrivals.toSorted((a, b) => a.atMs - b.atMs),
  };
}
type Recorder = ReturnType<typeof createRecorder>;

/** What happens within some milliseconds, in which parts of the outcome are left to chance. */
export type Scene = (recorder: Recorder, random: Random, durationMs: number) => void;

export function play(scenes: readonly Scene[], seed: number, durationMs: number): Arrival[] {
  const random = randomFrom(seed);
  const recorder = createRecorder(random);
  for (const scene of scenes) scene(recorder, random, durationMs);
  return recorder.arrivals();
}

/** Again and again, with the time between of a Poisson process. */
export function repeatedly(random: Random, durationMs: number, meanMs: number, act: (atMs: number) => void): void {
  for (let atMs = random.exponential(meanMs); atMs < durationMs; atMs += random.exponential(meanMs)) act(atMs);
}

export const RULES = {
  denied: SYNTHETIC_RULES['default-deny'],
  isolated: SYNTHETIC_RULES['tenant-isolation'],
  forged: SYNTHETIC_RULES['anti-spoof'],
} as const;
