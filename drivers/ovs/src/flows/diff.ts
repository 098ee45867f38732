import { OvsError } from '../errors.ts';
import { type FlowMod, flowCommand } from '../openflow/flow-mod.ts';
import type { RawFlow } from '../openflow/flow-stats.ts';
import { decodeOxm, encodeOxm } from '../openflow/match-codec.ts';
import { describeFlow } from './codec.ts';
import type { FlowChange, FlowKey } from './spec.ts';

/** Flows by what makes them themselves. */
export type FlowSet = Map<string, FlowMod>;

/** What takes a table from one set of flows to another, in the order in which it is to be sent. */
export interface FlowPlan {
  readonly mods: readonly FlowMod[];
  readonly change: FlowChange;
}

export function flowKey({ table, priority, match }: Pick<FlowMod, 'table' | 'priority' | 'match'>): string {
  return `${table}/${priority}/${match.toString('latin1')}`;
}

function isSameFlow(a: FlowMod, b: FlowMod): boolean {
  return a.cookie === b.cookie && (a.instructions === b.instructions || a.instructions.equals(b.instructions));
}

/** Throws `bad-value` when two flows have the same key and do different things: the switch would keep either. */
export function toFlowSet(flows: Iterable<readonly [FlowMod, FlowKey]>): FlowSet {
  const set: FlowSet = new Map();
  for (const [flow, spec] of flows) {
    const key = flowKey(flow);
    const twin = set.get(key);
    if (twin && !isSameFlow(twin, flow)) {
      throw new OvsError('bad-value', `Two different flows are given for ${describeFlow(spec)}.`, {
        details: { flow: spec },
      });
    }
    set.set(key, flow);
  }
  return set;
}

/** The flows that the switch has, in the form in which we would send them. */
export function installedSet(flows: readonly RawFlow[]): FlowSet {
  return new Map(
    flows.map((flow): [string, FlowMod] => {
      const { match, unknown } = decodeOxm(flow.match);
      // With a field of somebody else's, the match goes back as it came: it can only be deleted.
      const mod = { ...flow, command: flowCommand.add, match: unknown.length === 0 ? encodeOxm(match) : flow.match };
      return [flowKey(mod), mod];
    }),
  );
}

function deletion(flow: FlowMod): FlowMod {
  return { ...flow, command: flowCommand.deleteStrict, cookie: 0n, instructions: Buffer.alloc(0) };
}

/** Deletions come first, so that a full table has room. */
export function diffFlows(installed: FlowSet, desired: FlowSet): FlowPlan {
  const upserts = [...desired].filter(([key, flow]) => {
    const present = installed.get(key);
    return !present || !isSameFlow(present, flow);
  });
  const deletions = [...installed].filter(([key]) => !desired.has(key)).map(([, flow]) => deletion(flow));
  const modified = upserts.filter(([key]) => installed.has(key)).length;
  return {
    mods: [...deletions, ...upserts.map(([, flow]) => flow)],
    change: { added: upserts.length - modified, modified, deleted: deletions.length },
  };
}
