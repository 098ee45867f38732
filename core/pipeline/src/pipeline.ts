import type { HostIntent, HostIntentPatch, IntentNetwork } from '@hypervigil/model';
import { type FlowChange, type FlowSpec, flowKey } from './flow.ts';
import { type Full, fullNetworkFlows, fullRuleFlows, NONE_FULL, type OfBoth } from './full-flows.ts';
import { chainLinkFlows, gatewayFlows, type LocalGateway, sharingFlows } from './gateway-flows.ts';
import { guardFlows } from './guard-flows.ts';
import { judgeFlows } from './judge-flows.ts';
import { limitFlows } from './limit-flows.ts';
import { createLimitTable } from './limit-table.ts';
import type { MeterSpec } from './meter.ts';
import { type LocalMirror, mirrorFlows } from './mirror-flows.ts';
import { ALWAYS } from './observation.ts';
import { createPlace } from './place.ts';
import { denyFlows } from './refuse.ts';
import { rejectFlows } from './reject-flows.ts';
import { createRuleTable } from './rule-table.ts';
import { createFlowStore } from './store.ts';
import { createUnits } from './units.ts';
import type { LocalPort } from './vnic-flows.ts';

export interface PipelineOptions {
  /** How often packets of known connections are sampled, of 65535: 65535 gives exact counters, 0 none. */
  readonly establishedProbability?: number;
  /**
   * vNICs (by number) whose connections this host's conntrack may not know: after a migration to here, or a restart of
   * the switch. For them, answers are accepted that conntrack takes for something new, if the rules allow the
   * connection in the other direction. Take them out after a minute or so.
   */
  readonly carryOver?: ReadonlySet<number>;
  /** Those that have as many connections as they may: no other begins. */
  readonly full?: Full;
}

export interface PipelineInput {
  readonly intent: HostIntent;
  readonly ports: readonly LocalPort[];
  /** OpenFlow port of the trunk to the other hosts; null when there is none. */
  readonly uplink: number | null;
  /** Gateway VMs of this host that have their ports. */
  readonly gateways?: readonly LocalGateway[];
  /** Mirrors of the cloud, with their ports here. */
  readonly mirrors?: readonly LocalMirror[];
  readonly options?: PipelineOptions;
  /** Rule priorities of an earlier pipeline (`Pipeline.priorities`), so that a restart changes as few flows as possible. */
  readonly priorities?: ReadonlyMap<string, number>;
  /** So it is with the bits of large sets (`Pipeline.setBits`). */
  readonly setBits?: ReadonlyMap<number, number>;
  /** How many addresses make a set large: rules name it by a bit then, instead of each of them. */
  readonly largeSet?: number;
}

/** What changed on a host. What is absent is as before. */
export interface PipelineUpdate {
  readonly patch?: HostIntentPatch;
  readonly ports?: readonly LocalPort[];
  readonly uplink?: number | null;
  readonly gateways?: readonly LocalGateway[];
  readonly mirrors?: readonly LocalMirror[];
  readonly options?: PipelineOptions;
}

/** A pipeline that follows its host: the flows it holds are those that {@link compilePipeline} would make. */
export interface Pipeline {
  flows(): FlowSpec[];
  /** The meters that the flows name. */
  meters(): MeterSpec[];
  /** vNICs with ports here, and rules, that may have so many connections at the same time: the engine counts them. */
  openLimits(): OfBoth<ReadonlyMap<number, number>>;
  /** Networks with vNICs that have ports here: the engine bounds their connections. */
  networks(): IntentNetwork[];
  /**
   * Takes a change in. A large set's member costs two flows, another one as many as rules use its set, a port or a vNIC its
   * own. What is to be removed may be in {@link LEARNED_TABLES}, where nobody knows whether it is. Throws
   * {@link PipelineError}, and has changed nothing then.
   */
  update(update: PipelineUpdate): FlowChange;
  /** Rule key → priority. */
  priorities(): ReadonlyMap<string, number>;
  /** Set → bit, of the large ones. */
  setBits(): ReadonlyMap<number, number>;
}

/** All flows of a host, in order. Throws {@link PipelineError}. */
export function compilePipeline(input: PipelineInput): FlowSpec[] {
  return createPipeline(input).flows();
}

/** With fewer addresses, a set's flows are as few as those that would look them up. */
const LARGE_SET = 16;

export function createPipeline({
  intent,
  priorities = new Map(),
  setBits = new Map(),
  largeSet = LARGE_SET,
  ...host
}: PipelineInput): Pipeline {
  const store = createFlowStore();
  const units = createUnits(store);
  const table = createRuleTable(store, units, { largeSet, setBits });
  const limits = createLimitTable(table.hasMember);
  const place = createPlace(units, limits.of);
  let now = {
    ports: host.ports,
    uplink: host.uplink,
    gateways: host.gateways ?? [],
    mirrors: host.mirrors ?? [],
    options: host.options ?? {},
  };
  /** Groups that have gateways here. */
  let groups = new Set<number>();
  let placed = new Set<number>();
  let mirrored = new Set<number>();
  let full = NONE_FULL;

  function setGateways(gateways: readonly LocalGateway[], establishedProbability: number): void {
    const byGroup = Map.groupBy(gateways, ({ group }) => group);
    for (const num of placed) units.clear(`gateway ${num}`);
    for (const group of groups) units.clear(`gateways ${group}`);
    const links = table.links();
    units.set('links', chainLinkFlows(links));
    for (const gateway of gateways)
      units.set(`gateway ${gateway.num}`, gatewayFlows(gateway, establishedProbability, links));
    for (const [group, members] of byGroup) units.set(`gateways ${group}`, sharingFlows(group, members, links));
    placed = new Set(gateways.map(({ num }) => num));
    groups = new Set(byGroup.keys());
  }

  function setMirrors(mirrors: readonly LocalMirror[]): void {
    const next = new Set(mirrors.map(({ num }) => num));
    for (const num of mirrored) if (!next.has(num)) units.clear(`mirror ${num}`);
    for (const mirror of mirrors) units.set(`mirror ${mirror.num}`, mirrorFlows(mirror));
    mirrored = next;
  }

  function setFull(next: Full): void {
    for (const [kind, flowsOf] of FULL_UNITS) {
      for (const num of full[kind].difference(next[kind])) units.clear(`full ${kind} ${num}`);
      for (const num of next[kind].difference(full[kind])) units.set(`full ${kind} ${num}`, flowsOf(num));
    }
    full = next;
  }

  function take(patch: HostIntentPatch | undefined, previous: ReadonlyMap<string, number>): FlowChange {
    const { ports, uplink, gateways, mirrors, options } = now;
    const { establishedProbability = ALWAYS, carryOver = new Set<number>(), full: fullNow = NONE_FULL } = options;
    // First, because it may refuse.
    const rules = patch && table.plan(patch, previous);
    table.setProbability(establishedProbability);
    if (patch && rules) table.update(patch.sets, rules);
    setGateways(gateways, establishedProbability);
    if (patch) limits.update(patch.limits);
    const forget = place.update({ patch, ports, uplink, carryOver, full: fullNow.vnics, mirrors });
    table.setMirrors(mirrors);
    setMirrors(mirrors);
    setFull(fullNow);
    const { upsert, remove, meters } = store.takeChange();
    return { upsert, remove: [...remove, ...forget], meters };
  }

  units.set('always', [...guardFlows(), ...judgeFlows(), ...denyFlows(), ...rejectFlows(), ...limitFlows()]);
  take(wholePatch(intent), priorities);

  return {
    flows: () => store.flows().sort(inOrder),
    meters: () => store.meters(),
    openLimits: () => ({ vnics: place.openLimits(), rules: table.openLimits() }),
    networks: place.networks,
    update({ patch, ...change }) {
      const before = now;
      now = { ...now, ...change };
      try {
        return take(patch, new Map());
      } catch (error) {
        now = before;
        throw error;
      }
    },
    setBits: () => new Map(table.setBits()),
    priorities: () => new Map([...table.rules()].map(({ rule, priority }) => [rule.key, priority])),
  };
}

/** Those of vNICs are among the flows of their ports. */
const FULL_UNITS = [
  ['rules', fullRuleFlows],
  ['networks', fullNetworkFlows],
] as const;

/** A document as the patch that makes it from nothing. */
function wholePatch(intent: HostIntent): HostIntentPatch {
  return {
    base: 0,
    revision: intent.revision,
    policyRevision: intent.policyRevision,
    networks: { upsert: intent.networks, remove: [] },
    tenants: { upsert: intent.tenants, remove: [] },
    vnics: { upsert: intent.vnics, remove: [] },
    sets: { upsert: intent.sets, remove: [], change: [] },
    rules: { upsert: intent.rules, remove: [] },
    staged: { upsert: intent.staged, remove: [] },
    limits: { upsert: intent.limits, remove: [] },
  };
}

/** By table, then as the switch searches. */
function inOrder(a: FlowSpec, b: FlowSpec): number {
  return a.table - b.table || b.priority - a.priority || (flowKey(a) < flowKey(b) ? -1 : 1);
}
