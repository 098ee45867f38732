import { setTimeout as delay } from 'node:timers/promises';
import type { HostIntent, IntentGateway } from '@hypervigil/model';
import type { Log } from '../log.ts';
import { blocksIn, blocksOtherwise } from './blocks.ts';

/** Gateways know what rules block before the switch sends them what is to be blocked: see ADR 15. */
export interface Ahead {
  /** What gateways are told now: what is to be enforced next, where it blocks otherwise, else what is. */
  policy(): HostIntent;
  /** To be called before an intent is enforced; waits no longer than until something newer is. */
  prepare(next: HostIntent, isCurrent: () => boolean): Promise<void>;
  /** Whether a gateway, by its number, did not learn it in time: nothing new goes to it until it has. */
  isBehind(num: number): boolean;
  /** A gateway may have answered, or have gone. */
  catchUp(): void;
}

interface AheadDeps {
  readonly wanted: () => readonly IntentGateway[];
  /** What is enforced now. */
  readonly intent: () => HostIntent;
  readonly passes: (num: number) => boolean;
  /** Tells a gateway the policy of now. */
  readonly tell: (gateway: IntentGateway) => void;
  readonly hasLearnt: (gateway: IntentGateway, policy: HostIntent) => boolean;
  /** Which gateways are given new connections changed. */
  readonly onChange: () => void;
  readonly log: Log;
  /** So long the switch waits for gateways, in milliseconds. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 10;

export function createAhead(deps: AheadDeps): Ahead {
  const { wanted, intent, passes, tell, hasLearnt, onChange, log, patienceMs = PATIENCE_MS } = deps;
  /** Undefined while it is nothing more than what is enforced. */
  let ahead: HostIntent | undefined;
  const behind = new Set<number>();
  const policy = (): HostIntent => ahead ?? intent();

  return {
    policy,
    async prepare(next, isCurrent) {
      const isMore = intent().revision > 0 && blocksOtherwise(intent(), next);
      ahead = isMore ? next : undefined;
      if (!isMore) return;
      const asked = wanted().filter(({ group }) => blocksIn(next, group));
      for (const gateway of asked) tell(gateway);
      const late = () => asked.filter((gateway) => !hasLearnt(gateway, policy()));
      const isWaitedFor = () => isCurrent() && late().some(({ num }) => passes(num));
      for (const until = performance.now() + patienceMs; isWaitedFor() && performance.now() < until; )
        await delay(LOOK_AGAIN_MS);
      // Also where something newer is enforced at once, and of one through which nothing passes just now: it may do so again first.
      const left = late().map(({ num }) => num);
      for (const num of left) behind.add(num);
      if (left.length > 0) log.warn({ gateways: left }, 'gateways do not answer: they are given nothing new');
    },
    isBehind: (num) => behind.has(num),
    catchUp() {
      const late = new Set(wanted().flatMap((one) => (hasLearnt(one, policy()) ? [] : [one.num])));
      const before = behind.size;
      for (const num of behind) if (!late.has(num)) behind.delete(num);
      if (behind.size < before) onChange();
    },
  };
}
