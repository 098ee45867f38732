import { OvsError } from '../errors.ts';
import { type FlowMod, flowCommand } from '../openflow/flow-mod.ts';
import type { RawFlow } from '../openflow/flow-stats.ts';
import { decodeOxm, encodeOxm } from '../openflow/match-codec.ts';
import { describeFlow } from './codec.ts';
import type { FlowChange, FlowKey } from './spec.ts';

/** What a flow does, without what makes it itself. */
type FlowBody = Pick<FlowMod, 'cookie' | 'instructions'>;

/**
 * Flows by what makes them themselves. Tens of thousands of them are held for as long as the engine runs, so the key's
 * text is the only copy of the match: a Buffer each would cost several times the bytes in it.
 */
export type FlowSet = Map<string, FlowBody>;

/** What takes a table from one set of flows to another, in the order in which it is to be sent. */
export interface FlowPlan {
  readonly mods: readonly FlowMod[];
  readonly change: FlowChange;
}

const none = Buffer.alloc(0);

export function flowKey({ table, priority, match }: Pick<FlowMod, 'table' | 'priority' | 'match'>): string {
  return `${table}/${priority}/${match.toString('latin1')}`;
}

function flowMod(command: number, key: string, { cookie, instructions }: FlowBody): FlowMod {
  const [table = '', priority = ''] = key.split('/', 2);
  const match = Buffer.from(key.slice(table.length + priority.length + 2), 'latin1');
  return { command, table: Number(table), priority: Number(priority), cookie, match, instructions };
}

function isSameFlow(a: FlowBody, b: FlowBody): boolean {
  return a.cookie === b.cookie && (a.instructions === b.instructions || a.instructions.equals(b.instructions));
}

/** Throws `bad-value` when two flows have the same key and do different things: the switch would keep either. */
export function toFlowSet(flows: Iterable<readonly [FlowMod, FlowKey]>): FlowSet {
  const set: FlowSet = new Map();
  for (const [flow, spec] of flows) {
    const key = flowKey(flow);
    const { cookie, instructions } = flow;
    const twin = set.get(key);
    if (twin && !isSameFlow(twin, flow)) {
      throw new OvsError('bad-value', `Two different flows are given for ${describeFlow(spec)}.`, {
        details: { flow: spec },
      });
    }
    set.set(key, { cookie, instructions });
  }
  return set;
}

/** The flows that the switch has, in the form in which we would send them. */
export function installedSet(flows: readonly RawFlow[]): FlowSet {
  return new Map(
    flows.map((flow): [string, FlowBody] => {
      const { match, unknown } = decodeOxm(flow.match);
      // With a field of somebody else's, the match goes back as it came: it can only be deleted.
      const { table, priority, cookie, instructions } = flow;
      const key = flowKey({ table, priority, match: unknown.length === 0 ? encodeOxm(match) : flow.match });
      return [key, { cookie, instructions }];
    }),
  );
}

/** Deletions come first, so that a full table has room. */
export function diffFlows(installed: FlowSet, desired: FlowSet): FlowPlan {
  const upserts = [...desired].filter(([key, flow]) => {
    const present = installed.get(key);
    return !present || !isSameFlow(present, flow);
  });
  const gone = [...installed.keys()].filter((key) => !desired.has(key));
  const modified = upserts.filter(([key]) => installed.has(key)).length;
  return {
    mods: [
      ...gone.map((key) => flowMod(flowCommand.deleteStrict, key, { cookie: 0n, instructions: none })),
      ...upserts.map(([key, flow]) => flowMod(flowCommand.add, key, flow)),
    ],
    change: { added: upserts.length - modified, modified, deleted: gone.length },
  };
}
