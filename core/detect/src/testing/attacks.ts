import type { AlertCode } from '@hypervigil/model';
import { LISTED, outside, RULES, repeatedly, type Scene, VMS } from './traffic.ts';

export interface GeneratedAttack {
  readonly code: AlertCode;
  readonly scene: Scene;
}

/** Ten seconds of peace before each. */
export const BEGIN_MS = 10_000;

/** What attackers do; chance decides on rates, on targets, and on what is there to be found. */
export const ATTACKS = {
  'ports, refused': {
    code: 'port-scan',
    scene(recorder, random, durationMs) {
      const pause = random.int(2, 500);
      repeatedly(random, durationMs - BEGIN_MS, pause, (atMs) =>
        recorder.add({
          atMs: BEGIN_MS + atMs,
          to: VMS.peer,
          port: random.int(1, 65_535),
          packets: 1,
          deniedBy: RULES.denied,
        }),
      );
    },
  },
  'ports, closed': {
    code: 'port-scan',
    scene(recorder, random, durationMs) {
      const pause = random.int(5, 500);
      repeatedly(random, durationMs - BEGIN_MS, pause, (atMs) => {
        const isOpen = random.next() < 0.05;
        recorder.add({
          atMs: BEGIN_MS + atMs,
          to: VMS.peer,
          port: random.int(1, 10_000),
          packets: isOpen ? 2 : 1,
          replyPackets: 1,
        });
      });
    },
  },
  'sweep, silent': {
    code: 'host-sweep',
    scene(recorder, random, durationMs) {
      const pause = random.int(10, 500);
      const port = random.pick([22, 80, 443, 445, 6379]);
      repeatedly(random, durationMs - BEGIN_MS, pause, (atMs) => {
        const to = outside(`10.${random.int(4, 7)}.${random.int(0, 255)}.${random.int(1, 254)}`);
        const isThere = random.next() < 0.1;
        recorder.add({ atMs: BEGIN_MS + atMs, to, port, ...(isThere ? {} : { packets: 2, replyPackets: 0 }) });
      });
    },
  },
  'passwords, out': {
    code: 'brute-force',
    scene(recorder, random, durationMs) {
      const pause = random.int(100, 1000);
      repeatedly(random, durationMs - BEGIN_MS, pause, (atMs) =>
        recorder.add({
          atMs: BEGIN_MS + atMs,
          to: VMS.peer,
          port: 22,
          packets: random.int(11, 30),
          replyPackets: random.int(11, 30),
          ms: random.int(300, 2500),
        }),
      );
    },
  },
  'passwords, in': {
    code: 'brute-force',
    scene(recorder, random, durationMs) {
      const from = outside(`203.0.113.${random.int(1, 254)}`);
      const pause = random.int(100, 1000);
      const port = random.pick([21, 22, 3389]);
      repeatedly(random, durationMs - BEGIN_MS, pause, (atMs) =>
        recorder.add({
          atMs: BEGIN_MS + atMs,
          from,
          to: VMS.own,
          port,
          packets: random.int(8, 30),
          replyPackets: random.int(8, 30),
          ms: random.int(300, 2500),
        }),
      );
    },
  },
  'SYN flood, in': {
    code: 'flood',
    scene(recorder, random, durationMs) {
      const pause = random.int(1, 5);
      repeatedly(random, Math.min(durationMs - BEGIN_MS, 15_000), pause, (atMs) => {
        const from = outside(`${random.int(11, 99)}.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}`);
        recorder.add({ atMs: BEGIN_MS + atMs, from, to: VMS.own, port: 443, packets: 1, replyPackets: 1 });
      });
    },
  },
  'UDP flood, out': {
    code: 'flood',
    scene(recorder, random, durationMs) {
      const perSecond = random.int(6_000, 60_000);
      const seconds = Math.floor((durationMs - BEGIN_MS) / 1000);
      for (let i = 0; i < seconds; i++)
        recorder.add({
          atMs: BEGIN_MS + i * 1000,
          to: outside('198.51.100.7'),
          port: 53,
          protocol: 17,
          packets: perSecond,
          replyPackets: 0,
          ms: 900,
        });
    },
  },
  'ICMP flood, out': {
    code: 'flood',
    scene(recorder, random, durationMs) {
      const perSecond = random.int(200, 5_000);
      const seconds = Math.floor((durationMs - BEGIN_MS) / 1000);
      for (let i = 0; i < seconds; i++)
        recorder.add({
          atMs: BEGIN_MS + i * 1000,
          to: VMS.peer,
          port: 0,
          protocol: 1,
          packets: perSecond,
          replyPackets: perSecond,
          ms: 900,
        });
    },
  },
  'another tenant': {
    code: 'cross-tenant',
    scene(recorder, random, durationMs) {
      const pause = random.int(200, 3000);
      repeatedly(random, durationMs - BEGIN_MS, pause, (atMs) =>
        recorder.add({
          atMs: BEGIN_MS + atMs,
          to: VMS.foreign,
          port: random.pick([22, 80, 443, 3306]),
          packets: 1,
          deniedBy: RULES.isolated,
        }),
      );
    },
  },
  'forged addresses': {
    code: 'spoofing',
    scene(recorder, random, durationMs) {
      const pause = random.int(100, 4000);
      repeatedly(random, durationMs - BEGIN_MS, pause, (atMs) =>
        recorder.add({
          atMs: BEGIN_MS + atMs,
          to: VMS.peer,
          port: random.int(1, 1000),
          protocol: 17,
          packets: 1,
          deniedBy: RULES.forged,
        }),
      );
    },
  },
  'a listed address is called': {
    code: 'threat-called',
    scene(recorder, random, durationMs) {
      const isRefused = random.next() < 0.5;
      repeatedly(random, durationMs - BEGIN_MS, random.int(1_000, 8_000), (atMs) =>
        recorder.add({
          atMs: BEGIN_MS + atMs,
          to: LISTED,
          port: 443,
          ...(isRefused && { packets: 1, deniedBy: RULES.denied }),
        }),
      );
    },
  },
  'past the policy': {
    code: 'policy-bypass',
    scene(recorder, random, durationMs) {
      repeatedly(random, durationMs - BEGIN_MS, random.int(500, 5_000), (atMs) =>
        recorder.add({ atMs: BEGIN_MS + atMs, to: VMS.peer, port: random.int(1, 1000), allowedBy: 4711 }),
      );
    },
  },
  'a listed address calls': {
    code: 'threat-caller',
    scene(recorder, random, durationMs) {
      const isRefused = random.next() < 0.5;
      repeatedly(random, durationMs - BEGIN_MS, random.int(1_000, 8_000), (atMs) =>
        recorder.add({
          atMs: BEGIN_MS + atMs,
          from: LISTED,
          to: VMS.own,
          port: 443,
          ...(isRefused && { packets: 1, deniedBy: RULES.denied }),
        }),
      );
    },
  },
  'refused again and again': {
    code: 'deny-burst',
    scene(recorder, random, durationMs) {
      const pause = random.int(20, 200);
      repeatedly(random, durationMs - BEGIN_MS, pause, (atMs) =>
        recorder.add({ atMs: BEGIN_MS + atMs, to: VMS.peer, port: 8086, packets: 1, deniedBy: RULES.denied }),
      );
    },
  },
} as const satisfies Record<string, GeneratedAttack>;
