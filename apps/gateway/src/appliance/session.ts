import {
  GATEWAY_PROTOCOL,
  type GatewayCaptureStart,
  GatewayCommand,
  type GatewayFault,
  type GatewayMessage,
  type GatewayState,
} from '@hypervigil/contract';
import { blocksNames } from '@hypervigil/gateway-rules';
import { type Capture, startCapture } from './capture.ts';
import type { Detector } from './detector.ts';
import { identity, load } from './facts.ts';
import { type Firewall, PolicyError } from './firewall.ts';
import type { Inspection } from './inspection.ts';
import type { Log } from './log.ts';
import { createBusyMeter } from './processor.ts';
import { runProgram } from './programs.ts';
import type { Questions } from './questions.ts';
import type { Suricata } from './suricata.ts';
import { useProcessors } from './use-processors.ts';

/** What the host does with the gateway: it speaks, the gateway answers. Nothing of it may end the program. */
export interface Session {
  receive(payload: Buffer): void;
}

export interface SessionOptions {
  readonly send: (message: GatewayMessage) => boolean;
  readonly firewall: Firewall;
  readonly inspection: Inspection;
  readonly questions: Questions;
  readonly detector: Detector;
  /** Looks at what a mirror sends. */
  readonly copies: Detector;
  /** Looks at the same for what it knows to be attacks. */
  readonly suricata: Suricata;
  readonly log: Log;
}

const STATE_MS = 5_000;
const MAX_TEXT = 2000;
const MAX_CAPTURES = 4;

type Status = GatewayState['detector'];

/** Of two detectors: a failure first, then whether any runs. */
const together = (...all: readonly Status[]): Status =>
  (['failed', 'running'] as const).find((status) => all.includes(status)) ?? 'off';

export function createSession(options: SessionOptions): Session {
  const { send, firewall, inspection, questions, detector, copies, suricata, log } = options;
  /** Policies one after the other: what was told last is in force last. */
  let applying: Promise<void> = Promise.resolve();
  const captures = new Map<string, Capture>();
  let reporting: NodeJS.Timeout | undefined;
  let processors = useProcessors();
  const busy = createBusyMeter(() => processors);

  const fault = (kind: GatewayFault, why: unknown) => {
    const message = why instanceof Error ? why.message : String(why);
    send({ type: 'fault', fault: kind, message: message.slice(0, MAX_TEXT) });
  };

  function state(probe: string | null): void {
    const counters = firewall.counters();
    const policy = firewall.policy();
    processors = useProcessors();
    send({
      type: 'state',
      probe,
      state: {
        revision: policy?.revision ?? null,
        ...load(),
        processors,
        busy: busy(),
        counters,
        lost: log.lost() + suricata.lost(),
        detector: together(detector.status(), copies.status()),
        signatures: suricata.status(),
      },
    });
  }

  function tellState(probe: string | null): void {
    try {
      state(probe);
    } catch (why) {
      fault('failed', why);
    }
  }

  async function apply(command: Extract<GatewayCommand, { type: 'policy' }>): Promise<void> {
    const began = performance.now();
    const { revision } = command.policy;
    let error: Extract<GatewayMessage, { type: 'applied' }>['error'] = null;
    try {
      // A connection of which the beginning was not seen is never recognised.
      if (command.policy.detect) await detector.on();
      await firewall.apply(command.policy);
      // Not before: until then nobody here knows which rule a question meets, and the kernel does as that rule fails.
      if (blocksNames(command.policy.intent)) questions.take();
      if (command.policy.copies) {
        void copies.on();
        suricata.on();
      }
      inspection.judgeAll();
    } catch (why) {
      const message = (why as Error).message.slice(0, MAX_TEXT);
      error = { fault: why instanceof PolicyError ? why.fault : 'failed', message };
    }
    const kept = firewall.policy()?.revision ?? null;
    send({ type: 'applied', revision, kept, error, tookMs: performance.now() - began });
  }

  function carryOut(command: GatewayCommand): void {
    switch (command.type) {
      case 'hello':
        if (command.protocol !== GATEWAY_PROTOCOL) {
          fault('bad-command', `protocol ${command.protocol}`);
          return;
        }
        send({
          type: 'ready',
          protocol: GATEWAY_PROTOCOL,
          ...identity(),
          revision: firewall.policy()?.revision ?? null,
        });
        log.resend();
        clearInterval(reporting);
        reporting = setInterval(() => tellState(null), STATE_MS);
        return;
      case 'policy':
        applying = applying.then(() => apply(command));
        return;
      case 'probe':
        tellState(command.id);
        return;
      case 'log.stored':
        log.stored(command.batch);
        return;
      case 'shutdown':
        void runProgram('busybox', ['poweroff', '-f']);
        return;
      case 'capture.start':
        capture(command);
        return;
      case 'capture.received':
        captures.get(command.id)?.received(command.chunk);
        return;
      case 'capture.stop':
        captures.get(command.id)?.stop();
        return;
    }
  }

  function capture(command: GatewayCaptureStart): void {
    if (captures.has(command.id) || captures.size >= MAX_CAPTURES) {
      fault('busy', `${captures.size} captures are running`);
      return;
    }
    captures.set(
      command.id,
      startCapture(command, send, () => captures.delete(command.id)),
    );
  }

  return {
    receive(payload) {
      let command: GatewayCommand;
      try {
        command = GatewayCommand.parse(JSON.parse(payload.toString('utf8')));
      } catch (why) {
        fault('bad-command', why);
        return;
      }
      try {
        carryOut(command);
      } catch (why) {
        fault('failed', why);
      }
    },
  };
}
