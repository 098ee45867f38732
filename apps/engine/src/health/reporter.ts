import type { EngineMessage } from '@hypervigil/contract';
import { freeBytesOf, type HealthInputs, healthItems } from './health.ts';

export interface HealthReporter {
  report(): Promise<void>;
  stop(): void;
}

interface ReporterDeps {
  readonly stateDir: string;
  readonly inputs: () => Omit<HealthInputs, 'freeBytes' | 'flowsLost'>;
  /** Flow records lost since the engine started. */
  readonly lost: () => number;
  readonly send: (message: EngineMessage) => boolean;
}

const INTERVAL_MS = 10_000;
/** A loss is told for five minutes: long enough to be seen, and not for ever. */
const LOSS_REPORTS = 30;

/** Tells how everything is, now and then and when asked. */
export function createHealthReporter({ stateDir, inputs, lost, send }: ReporterDeps): HealthReporter {
  const history: number[] = [];
  const report = async (): Promise<void> => {
    const freeBytes = await freeBytesOf(stateDir);
    const flowsLost = lost() - (history[0] ?? 0);
    send({
      type: 'health',
      items: healthItems({ ...inputs(), freeBytes, flowsLost }),
      sentAt: new Date().toISOString(),
    });
  };
  const timer = setInterval(() => {
    history.push(lost());
    if (history.length > LOSS_REPORTS) history.shift();
    void report();
  }, INTERVAL_MS);
  return { report, stop: () => clearInterval(timer) };
}
