import type { EngineMessage } from '@hypervigil/contract';
import type { HealthItem } from '@hypervigil/model';
import { freeBytesOf, type HealthInputs, healthItems } from './health.ts';

export interface HealthReporter {
  /** Tells how everything is now. */
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

const LOOK_MS = 1_000;
/** Figures without a change of state are told every so many looks. */
const LOOKS_A_REPORT = 10;
/** A loss is told for five minutes: long enough to be seen, and not for ever. */
const LOSS_LOOKS = 300;

/** Looks every second, and tells what is in another state at once, and everything now and then. */
export function createHealthReporter({ stateDir, inputs, lost, send }: ReporterDeps): HealthReporter {
  const history: number[] = [];
  let looks = 0;
  let told = '';
  const look = async (): Promise<readonly HealthItem[]> => {
    const freeBytes = await freeBytesOf(stateDir);
    const flowsLost = lost() - (history[0] ?? 0);
    return healthItems({ ...inputs(), freeBytes, flowsLost });
  };
  const tell = (items: readonly HealthItem[]): void => {
    if (!send({ type: 'health', items: [...items], sentAt: new Date().toISOString() })) return;
    told = stateOf(items);
    looks = 0;
  };
  const lookAgain = async (): Promise<void> => {
    history.push(lost());
    if (history.length > LOSS_LOOKS) history.shift();
    looks++;
    const items = await look();
    if (looks >= LOOKS_A_REPORT || stateOf(items) !== told) tell(items);
  };
  const timer = setInterval(() => void lookAgain(), LOOK_MS);
  return {
    report: async () => tell(await look()),
    stop: () => clearInterval(timer),
  };
}

const stateOf = (items: readonly HealthItem[]): string => items.map(({ name, code }) => `${name} ${code}`).join();
