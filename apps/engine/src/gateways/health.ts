import { randomBytes } from 'node:crypto';
import type { PacketIn } from '@hypervigil/ovs';
import { encodeProbe, readProbe, TOKEN_BYTES } from './probe.ts';

/** The ports of a gateway that is looked at. */
export interface ProbedGateway {
  readonly num: number;
  readonly left: number;
  readonly right: number;
  /** It passed packets before this process began. */
  readonly presumed: boolean;
}

export interface PathHealth {
  /** Which gateways are looked at from now on. */
  watch(gateways: readonly ProbedGateway[]): void;
  /** Takes what the switch hands over. */
  receive(packet: Pick<PacketIn, 'port' | 'frame'>): void;
  /** Asks every gateway, and judges what came of the questions before. To be called every {@link PROBE_MS}. */
  tick(): void;
  /** Whether packets pass a gateway in both directions. */
  passes(num: number): boolean;
}

interface HealthDeps {
  readonly send: (port: number, frame: Buffer) => void;
  readonly now: () => number;
  readonly onChange: (num: number, passes: boolean) => void;
}

export const PROBE_MS = 200;
/** No answer for so long: it passes nothing. With the flows' change this stays below a second. */
const SILENT_MS = 700;
/** So many answers of each direction in a row before it is believed again. */
const ANSWERS = 2;
/** A tick that comes so late says that this process stood still, and nothing of gateways. */
const LATE_MS = PROBE_MS * 2;

interface Watched extends ProbedGateway {
  passes: boolean;
  sequence: number;
  /** When probes last came out of each side. */
  readonly heard: { left: number; right: number };
  readonly answers: { left: number; right: number };
}

/** Whether gateways pass packets, asked through the data path itself: a VM that runs and passes nothing is not well. */
export function createPathHealth({ send, now, onChange }: HealthDeps): PathHealth {
  const token = randomBytes(TOKEN_BYTES);
  const watched = new Map<number, Watched>();
  let lastTick = now();

  const judge = (one: Watched, passes: boolean): void => {
    if (one.passes === passes) return;
    one.passes = passes;
    one.answers.left = 0;
    one.answers.right = 0;
    onChange(one.num, passes);
  };

  return {
    watch(gateways) {
      const kept = new Set(gateways.map(({ num }) => num));
      for (const num of watched.keys()) if (!kept.has(num)) watched.delete(num);
      for (const { num, left, right, presumed } of gateways) {
        const known = watched.get(num);
        if (known && known.left === left && known.right === right) continue;
        const since = presumed ? now() : 0;
        const fresh = { heard: { left: since, right: since }, answers: { left: 0, right: 0 }, sequence: 0 };
        watched.set(num, { num, left, right, presumed, passes: presumed, ...fresh });
      }
    },
    receive({ port, frame }) {
      const probe = readProbe(frame, token);
      const one = probe && watched.get(probe.num);
      // What comes out where it went in has not passed.
      if (!one || port !== (probe.side === 'left' ? one.right : one.left)) return;
      one.heard[probe.side] = now();
      one.answers[probe.side]++;
      if (!one.passes && one.answers.left >= ANSWERS && one.answers.right >= ANSWERS) judge(one, true);
    },
    tick() {
      const late = now() - lastTick > LATE_MS;
      lastTick = now();
      for (const one of watched.values()) {
        const silence = now() - Math.min(one.heard.left, one.heard.right);
        if (late) one.heard.left = one.heard.right = Math.max(now() - SILENT_MS / 2, one.heard.left, one.heard.right);
        else if (silence > SILENT_MS) {
          one.answers.left = one.answers.right = 0;
          judge(one, false);
        }
        one.sequence = (one.sequence + 1) % 0x1_0000_0000;
        for (const side of ['left', 'right'] as const)
          send(one[side], encodeProbe({ num: one.num, side, sequence: one.sequence }, token));
      }
    },
    passes: (num) => watched.get(num)?.passes ?? false,
  };
}
