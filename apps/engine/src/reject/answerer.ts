import type { PacketIn } from '@hypervigil/ovs';
import { rejectAnswer, TABLES } from '@hypervigil/pipeline';
import { type Budget, createBudget } from './budget.ts';

/** Answers to one port, and to all: enough for people and programs that try again, too few to be of use to a flood. */
const LIMITS = { port: { burst: 50, perSecond: 50 }, host: { burst: 500, perSecond: 500 } } as const;

/**
 * What the sender of a packet that a rule rejects is told; undefined when nothing is. It belongs to the port that the packet
 * came in by, so it reaches nobody else whatever the packet says.
 */
export type Answerer = (packet: Pick<PacketIn, 'table' | 'port' | 'frame'>) => Buffer | undefined;

/** @param now ms of a clock that is never set back */
export function createAnswerer(now: () => number): Answerer {
  const host = createBudget(LIMITS.host.burst, LIMITS.host.perSecond, now());
  const ports = new Map<number, Budget>();

  /** A port's own first, so that one that floods takes nothing from the others. */
  function mayAnswer(port: number): boolean {
    const at = now();
    let budget = ports.get(port);
    if (!budget) {
      // A full bucket is as good as a new one.
      for (const [other, one] of ports) if (one.isFull(at)) ports.delete(other);
      budget = createBudget(LIMITS.port.burst, LIMITS.port.perSecond, at);
      ports.set(port, budget);
    }
    return budget.take(at) && host.take(at);
  }

  return ({ table, port, frame }) => (table === TABLES.reject && mayAnswer(port) ? rejectAnswer(frame) : undefined);
}
