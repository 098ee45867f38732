import type { HostIntent, HostIntentPatch, IntentNetwork } from '@hypervigil/model';
import type { FlowDelta, FlowKey, FlowSpec, MeterSpec } from '@hypervigil/ovs';
import {
  createPipeline,
  type FlowChange,
  type Full,
  type LocalGateway,
  type LocalMirror,
  type Pipeline,
} from '@hypervigil/pipeline';
import { diffIntent } from '@hypervigil/policy';
import type { PolicedPort } from './ports.ts';

/** How many connections some may have at the same time. */
export type OpenLimits = ReturnType<Pipeline['openLimits']>;

/** All that the flows of a switch depend on. */
export interface HostGoal {
  readonly intent: HostIntent;
  /** Patches that led to the intent, newest last; those that continue what is compiled spare a comparison. */
  readonly patches: readonly HostIntentPatch[];
  readonly ports: readonly PolicedPort[];
  /** OpenFlow port towards the other hosts; null while there is none. */
  readonly uplink: number | null;
  readonly gateways: readonly LocalGateway[];
  readonly mirrors: readonly LocalMirror[];
  /** Numbers of vNICs whose connections may have begun where this switch did not see it. */
  readonly carryOver: ReadonlySet<number>;
  /** vNICs, rules and networks that have as many connections as they may. */
  readonly full: Full;
  /** How often packets of established connections are sampled, of 65535. */
  readonly establishedProbability: number;
}

/** The flows of one host, following what it is told. */
export interface CompiledHost {
  /** What the flows enforce. */
  intent(): HostIntent;
  flows(): readonly FlowSpec[];
  /** The meters that the flows name. */
  meters(): readonly MeterSpec[];
  /** vNICs with ports here, and rules, that may have so many connections. */
  openLimits(): OpenLimits;
  /** Networks with vNICs that have ports here. */
  networks(): readonly IntentNetwork[];
  /** The flows that differ. Throws `PipelineError` where an intent cannot become flows: everything is as before then. */
  follow(goal: HostGoal): FlowDelta;
}

export function compileHost(first: HostGoal): CompiledHost {
  const pipeline = createPipeline({ ...first, options: optionsOf(first) });
  let held = first.intent;
  return {
    intent: () => held,
    flows: () => pipeline.flows(),
    meters: () => pipeline.meters(),
    openLimits: () => pipeline.openLimits(),
    networks: () => pipeline.networks(),
    follow(goal) {
      const steps = held === goal.intent ? [] : patchesBetween(held, goal);
      const { ports, uplink, gateways, mirrors } = goal;
      const changes = steps.map((patch) => pipeline.update({ patch }));
      changes.push(pipeline.update({ ports, uplink, gateways, mirrors, options: optionsOf(goal) }));
      held = goal.intent;
      return joined(changes);
    },
  };
}

const optionsOf = ({ carryOver, full, establishedProbability }: HostGoal) => ({
  carryOver,
  full,
  establishedProbability,
});

/** The goal's patches where they lead from `held` to it without a gap, else the difference of the documents. */
function patchesBetween(held: HostIntent, { intent, patches }: HostGoal): readonly HostIntentPatch[] {
  const from = patches.findIndex(({ base }) => base === held.revision);
  const steps = from < 0 ? [] : patches.slice(from);
  const isWhole = steps.every(({ base }, n) => n === 0 || base === steps[n - 1]!.revision);
  return isWhole && steps.at(-1)?.revision === intent.revision ? steps : [diffIntent(held, intent)];
}

/** Several changes, one after the other, as one: the last word on a flow counts. */
function joined(changes: readonly FlowChange[]): FlowDelta {
  const [only, ...more] = changes.filter(isSomething);
  if (more.length === 0) return only ?? { upsert: [], remove: [] };
  const keyOf = ({ table, priority, match }: FlowKey): string => `${table}/${priority}/${match}`;
  const upsert = new Map<string, FlowSpec>();
  const remove = new Map<string, FlowKey>();
  const meters = new Map<number, MeterSpec | null>();
  for (const change of changes) {
    for (const flow of change.remove) {
      upsert.delete(keyOf(flow));
      remove.set(keyOf(flow), flow);
    }
    for (const flow of change.upsert) {
      remove.delete(keyOf(flow));
      upsert.set(keyOf(flow), flow);
    }
    for (const id of change.meters.remove) meters.set(id, null);
    for (const meter of change.meters.upsert) meters.set(meter.id, meter);
  }
  return {
    upsert: [...upsert.values()],
    remove: [...remove.values()],
    meters: {
      upsert: [...meters.values()].filter((meter) => meter !== null),
      remove: [...meters].flatMap(([id, meter]) => (meter === null ? [id] : [])),
    },
  };
}

/** Whether a change of flows and meters changes anything. */
export const isSomething = ({ upsert, remove, meters }: FlowDelta): boolean =>
  upsert.length + remove.length + (meters?.upsert.length ?? 0) + (meters?.remove.length ?? 0) > 0;
