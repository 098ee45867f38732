import type { EngineMessage } from '@hypervigil/contract';
import type { HealthItem } from '@hypervigil/model';
import { freeBytesOf, type HealthInputs, healthItems } from './health.ts';

export interface HealthReporter {
  /** Tells how everything is now. */
  report(): Promise<void>;
  stop(): void;
}

type Count = 'lost' | 'forged';

interface ReporterDeps {
  readonly stateDir: string;
  readonly inputs: () => Omit<HealthInputs, 'freeBytes' | 'flowsLost' | 'flowsForged'>;
  /** What was counted of flow records since the engine started. */
  readonly flows: Readonly<Record<Count, () => number>>;
  readonly send: (message: EngineMessage) => boolean;
}

const LOOK_MS = 1_000;
/** Figures without a change of state are told every so many looks. */
const LOOKS_A_REPORT = 10;
/** What was counted is told for five minutes: long enough to be seen, and not for ever. */
const COUNT_LOOKS = 300;

/** Looks every second, and tells what is in another state at once, and everything now and then. */
export function createHealthReporter({ stateDir, inputs, flows, send }: ReporterDeps): HealthReporter {
  const history: Record<Count, number>[] = [];
  const counts = () => ({ lost: flows.lost(), forged: flows.forged() });
  let looks = 0;
  let told = '';
  const look = async (): Promise<readonly HealthItem[]> => {
    const freeBytes = await freeBytesOf(stateDir);
    const { lost, forged } = counts();
    const before = history[0] ?? { lost: 0, forged: 0 };
    const lately = { flowsLost: lost - before.lost, flowsForged: forged - before.forged };
    return healthItems({ ...inputs(), freeBytes, ...lately });
  };
  const tell = (items: readonly HealthItem[]): void => {
    if (!send({ type: 'health', items: [...items], sentAt: new Date().toISOString() })) return;
    told = stateOf(items);
    looks = 0;
  };
  const lookAgain = async (): Promise<void> => {
    history.push(counts());
    if (history.length > COUNT_LOOKS) history.shift();
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
