import type { HostIntent, HostIntentPatch, IntentVnic } from '@hypervigil/model';
import { type FlowChange, type FlowSpec, flowKey } from './flow.ts';
import { emptyState, memberKey, placeRules, type StoredSet, samePlaced, storeSet, usesOf } from './intent-state.ts';
import { ALWAYS } from './observation.ts';
import {
  addressesOf,
  addressFlows,
  deliveryFlows,
  floodFlows,
  type LocalPort,
  localVnicFlows,
  networkFlows,
  sameTenantOutcome,
  tenantScopeFlows,
} from './place-flows.ts';
import { OWNER } from './registers.ts';
import { type Member, memberFlows, type PlacedRule, ruleFlows, type Side, tenantFlows } from './rule-flows.ts';
import { staticFlows } from './static-flows.ts';
import { createFlowStore } from './store.ts';

export interface PipelineOptions {
  /** How often packets of known connections are sampled, of 65535: 65535 gives exact counters, 0 none. */
  readonly establishedProbability?: number;
  /**
   * vNICs (by number) whose connections this host's conntrack may not know: after a migration to here, or a restart of
   * the switch. For them, answers are accepted that conntrack takes for something new, if the rules allow the
   * connection in the other direction. Take them out after a minute or so.
   */
  readonly carryOver?: ReadonlySet<number>;
}

export interface PipelineInput {
  readonly intent: HostIntent;
  readonly ports: readonly LocalPort[];
  /** OpenFlow port of the trunk to the other hosts; null when there is none. */
  readonly uplink: number | null;
  readonly options?: PipelineOptions;
  /** Rule priorities of an earlier pipeline (`Pipeline.priorities`), so that a restart changes as few flows as possible. */
  readonly priorities?: ReadonlyMap<string, number>;
}

/** What changed on a host. What is absent is as before. */
export interface PipelineUpdate {
  readonly patch?: HostIntentPatch;
  readonly ports?: readonly LocalPort[];
  readonly uplink?: number | null;
  readonly options?: PipelineOptions;
}

/** A pipeline that follows its host: the flows it holds are those that {@link compilePipeline} would make. */
export interface Pipeline {
  flows(): FlowSpec[];
  /** Takes a change in. A set's member costs as many flows as rules use the set, a port or a vNIC its own. */
  update(update: PipelineUpdate): FlowChange;
  /** Rule key → priority. */
  priorities(): ReadonlyMap<string, number>;
}

/** All flows of a host, in order. Throws {@link PipelineError}. */
export function compilePipeline(input: PipelineInput): FlowSpec[] {
  return createPipeline(input).flows();
}

export function createPipeline(input: PipelineInput): Pipeline {
  const store = createFlowStore();
  const units = new Map<string, readonly FlowSpec[]>();
  const state = emptyState();
  /** Set → keys of the rules that use it. */
  const users = new Map<number, Set<string>>();
  /** `network address` → numbers of the vNICs that have it. */
  const claims = new Map<string, Set<number>>();
  /** vNIC with ports here → `network mac`. */
  const localMacs = new Map<number, string>();
  let ports: readonly LocalPort[] = [];
  let uplink: number | null = null;
  let options = withDefaults({});
  let first = true;

  /** Puts a unit's flows in place of those it had. */
  function setUnit(key: string, flows: readonly FlowSpec[]): void {
    for (const flow of units.get(key) ?? []) store.release(flow);
    for (const flow of flows) store.add(flow);
    if (flows.length > 0) units.set(key, flows);
    else units.delete(key);
  }

  function setNetworks(): void {
    const trunk = uplink;
    const taken = new Set<number | null>();
    for (const network of [...state.networks.values()].sort((a, b) => a.num - b.num)) {
      // Two networks on one VLAN would be one: the first has it, the others stay within their hosts.
      const isFirst = !taken.has(network.vlan);
      taken.add(network.vlan);
      setUnit(`network ${network.num}`, trunk !== null && isFirst ? networkFlows(network, trunk) : []);
    }
  }

  function setAddress(key: string): void {
    const [network = '', address = ''] = key.split(' ');
    const claimants = [...(claims.get(key) ?? [])].sort((a, b) => a - b).flatMap((num) => state.vnics.get(num) ?? []);
    setUnit(`address ${key}`, addressFlows(Number(network), address, claimants));
  }

  function claim(vnic: IntentVnic, touched: Set<string>): void {
    for (const key of claimKeys(vnic)) {
      getOrAdd(claims, key, () => new Set<number>()).add(vnic.num);
      touched.add(key);
    }
  }

  function disclaim(vnic: IntentVnic, touched: Set<string>): void {
    for (const key of claimKeys(vnic)) {
      const nums = claims.get(key);
      nums?.delete(vnic.num);
      if (nums?.size === 0) claims.delete(key);
      touched.add(key);
    }
  }

  const portsOf = (vnicNum: number) =>
    ports.filter((port) => port.vnicNum === vnicNum).sort((a, b) => a.ofport - b.ofport);

  /** A vNIC's own flows, and those of its MAC address, which a mistaken second vNIC may have too: the first has it. */
  function setLocal(vnicNum: number, macs: Set<string>): void {
    const vnic = state.vnics.get(vnicNum);
    const own = portsOf(vnicNum);
    const before = localMacs.get(vnicNum);
    if (before) macs.add(before);
    localMacs.delete(vnicNum);
    if (!vnic || own.length === 0) return;
    const mac = `${vnic.network} ${vnic.mac}`;
    localMacs.set(vnicNum, mac);
    macs.add(mac);
    setUnit(`local ${vnicNum}`, localVnicFlows(vnic, own, options.carryOver.has(vnicNum)));
  }

  function setDeliveries(macs: ReadonlySet<string>): void {
    const firsts = new Map<string, number>();
    for (const [num, mac] of localMacs) if (macs.has(mac)) firsts.set(mac, Math.min(num, firsts.get(mac) ?? num));
    for (const mac of macs) {
      const num = firsts.get(mac);
      const vnic = num === undefined ? undefined : state.vnics.get(num);
      const carryOver = num !== undefined && options.carryOver.has(num);
      setUnit(`mac ${mac}`, vnic ? deliveryFlows(vnic, portsOf(vnic.num), carryOver) : []);
    }
  }

  /** Who gets copies, of the whole host: few ports, and only lists that changed become flows. */
  function setFloods(): void {
    const lists = new Map<string, Set<number>>();
    const list = (network: number, tenant: number) => getOrAdd(lists, `${network} ${tenant}`, () => new Set<number>());
    for (const { num } of state.networks.values()) list(num, OWNER.outside);
    for (const { ofport, vnicNum, active } of ports) {
      const vnic = state.vnics.get(vnicNum);
      if (!vnic) continue;
      const tenants = [OWNER.outside, vnic.tenant ?? OWNER.nobody];
      for (const tenant of tenants) if (active) list(vnic.network, tenant).add(ofport);
    }
    for (const key of units.keys()) if (key.startsWith('flood ') && !lists.has(key.slice(6))) setUnit(key, []);
    for (const [key, ofports] of lists) {
      const [network = 0, tenant = 0] = key.split(' ').map(Number);
      setUnit(`flood ${key}`, floodFlows(network, tenant, [...ofports]));
    }
  }

  function* membersOf(placed: PlacedRule, side: Side, set: StoredSet): Iterable<FlowSpec> {
    if (set.tenant !== null) yield* tenantFlows(placed, side, set.tenant);
    for (const member of set.members.values()) yield* memberFlows(placed, side, member);
  }

  function* allMembersOf(placed: PlacedRule): Iterable<FlowSpec> {
    for (const [side, num] of usesOf(placed.rule)) {
      const set = state.sets.get(num);
      if (set) yield* membersOf(placed, side, set);
    }
  }

  function removeRule(placed: PlacedRule): void {
    const { rule } = placed;
    setUnit(`rule ${rule.key}`, []);
    for (const flow of allMembersOf(placed)) store.release(flow);
    for (const [, num] of usesOf(rule)) users.get(num)?.delete(rule.key);
    state.rules.delete(rule.key);
  }

  function addRule(placed: PlacedRule): void {
    const { rule } = placed;
    state.rules.set(rule.key, placed);
    setUnit(`rule ${rule.key}`, ruleFlows(placed, options.establishedProbability));
    for (const flow of allMembersOf(placed)) store.add(flow);
    for (const [, num] of usesOf(rule)) getOrAdd(users, num, () => new Set<string>()).add(rule.key);
  }

  /** The flows of a change to a set, in every rule that uses it. */
  function* flowsOfSet(num: number, part: StoredSet): Iterable<FlowSpec> {
    for (const key of users.get(num) ?? []) {
      const placed = state.rules.get(key);
      if (!placed) continue;
      for (const [side, used] of usesOf(placed.rule)) if (used === num) yield* membersOf(placed, side, part);
    }
  }

  function changeSet(num: number, add: readonly Member[], remove: readonly Member[]): void {
    const set = state.sets.get(num);
    if (!set) return;
    const gone = remove.filter((member) => set.members.has(memberKey(member)));
    for (const member of gone) set.members.delete(memberKey(member));
    const come = add.filter((member) => !set.members.has(memberKey(member)));
    for (const member of come) set.members.set(memberKey(member), member);
    for (const flow of flowsOfSet(num, storeSet({ num, tenant: null, members: gone }))) store.release(flow);
    for (const flow of flowsOfSet(num, storeSet({ num, tenant: null, members: come }))) store.add(flow);
  }

  function replaceSet(num: number, set: StoredSet | undefined): void {
    const before = state.sets.get(num);
    if (before) for (const flow of flowsOfSet(num, before)) store.release(flow);
    if (set) {
      state.sets.set(num, set);
      for (const flow of flowsOfSet(num, set)) store.add(flow);
    } else state.sets.delete(num);
  }

  function takePolicy(patch: Pick<HostIntentPatch, 'sets'>, rules: ReadonlyMap<string, PlacedRule>): void {
    const changed = [...rules.values()].filter((placed) => {
      const before = state.rules.get(placed.rule.key);
      return !before || !samePlaced(before, placed);
    });
    const gone = [...state.rules.values()].filter(({ rule }) => !rules.has(rule.key));
    for (const { rule } of changed) {
      const before = state.rules.get(rule.key);
      if (before) removeRule(before);
    }
    for (const placed of gone) removeRule(placed);
    for (const num of patch.sets.remove) replaceSet(num, undefined);
    for (const set of patch.sets.upsert) replaceSet(set.num, storeSet(set));
    for (const { num, add, remove } of patch.sets.change) changeSet(num, add, remove);
    for (const placed of changed) addRule(placed);
    for (const placed of rules.values()) state.rules.set(placed.rule.key, placed);
  }

  function take(update: PipelineUpdate, previous: ReadonlyMap<string, number>): void {
    const { patch } = update;
    // First, because it is what may refuse: then nothing has changed yet.
    const rules = patch && hasRows(patch.rules) ? placeRules(state.rules, patch.rules, previous) : state.rules;
    const addresses = new Set<string>();
    const locals = new Set<number>();
    const portsBefore = ports;
    const optionsBefore = options;
    ports = update.ports ? onePerPort(update.ports) : ports;
    options = update.options ? withDefaults(update.options) : options;

    for (const num of changedPorts(portsBefore, ports)) locals.add(num);
    for (const num of optionsBefore.carryOver.symmetricDifference(options.carryOver)) locals.add(num);

    if (patch) {
      applyRows(state.networks, patch.networks);
      for (const num of patch.networks.remove) setUnit(`network ${num}`, []);
      applyRows(state.tenants, patch.tenants);
      for (const num of patch.tenants.remove) setUnit(`tenant ${num}`, []);
      for (const tenant of patch.tenants.upsert) setUnit(`tenant ${tenant.num}`, tenantScopeFlows(tenant));
      for (const num of [...patch.vnics.remove, ...patch.vnics.upsert.map((vnic) => vnic.num)]) {
        const before = state.vnics.get(num);
        if (before) disclaim(before, addresses);
        locals.add(num);
      }
      applyRows(state.vnics, patch.vnics);
      for (const vnic of patch.vnics.upsert) claim(vnic, addresses);
    }
    const trunkChanged = update.uplink !== undefined && update.uplink !== uplink;
    if (update.uplink !== undefined) uplink = update.uplink;

    if (first) setUnit('static', staticFlows());
    if (first || trunkChanged || (patch && hasRows(patch.networks))) setNetworks();
    for (const key of addresses) setAddress(key);
    // All out before any comes in: a MAC address or a port may have passed from one vNIC to another.
    for (const num of locals) setUnit(`local ${num}`, []);
    const macs = new Set<string>();
    for (const num of locals) setLocal(num, macs);
    setDeliveries(macs);
    if (first || locals.size > 0 || (patch && hasRows(patch.networks))) setFloods();
    if (patch) takePolicy(patch, rules);
    if (first || optionsBefore.establishedProbability !== options.establishedProbability) {
      setUnit('same-tenant', sameTenantOutcome(options.establishedProbability));
      for (const placed of state.rules.values())
        setUnit(`rule ${placed.rule.key}`, ruleFlows(placed, options.establishedProbability));
    }
    first = false;
  }

  const { intent } = input;
  take(
    {
      patch: wholePatch(intent),
      ports: input.ports,
      uplink: input.uplink,
      options: input.options ?? {},
    },
    input.priorities ?? new Map(),
  );
  store.takeChange();

  return {
    flows: () => store.flows().sort(inOrder),
    update(update) {
      take(update, new Map());
      return store.takeChange();
    },
    priorities: () => new Map([...state.rules.values()].map(({ rule, priority }) => [rule.key, priority])),
  };
}

function withDefaults({ establishedProbability = ALWAYS, carryOver = new Set() }: PipelineOptions) {
  return { establishedProbability, carryOver };
}

/** A port has one vNIC: the one that was named last. */
const onePerPort = (ports: readonly LocalPort[]): LocalPort[] => [
  ...new Map(ports.map((port) => [port.ofport, port])).values(),
];

/** vNICs whose ports are not what they were. */
function changedPorts(before: readonly LocalPort[], after: readonly LocalPort[]): Set<number> {
  const text = (port: LocalPort) => `${port.ofport} ${port.vnicNum} ${port.active}`;
  const [old, now] = [new Set(before.map(text)), new Set(after.map(text))];
  const changed = [...before.filter((port) => !now.has(text(port))), ...after.filter((port) => !old.has(text(port)))];
  return new Set(changed.map((port) => port.vnicNum));
}

const claimKeys = (vnic: IntentVnic): string[] => addressesOf(vnic).map((address) => `${vnic.network} ${address}`);

function applyRows<Row extends { readonly num: number }>(
  rows: Map<number, Row>,
  { upsert, remove }: { readonly upsert: readonly Row[]; readonly remove: readonly number[] },
): void {
  for (const num of remove) rows.delete(num);
  for (const row of upsert) rows.set(row.num, row);
}

const hasRows = ({ upsert, remove }: { readonly upsert: readonly unknown[]; readonly remove: readonly unknown[] }) =>
  upsert.length + remove.length > 0;

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
  };
}

/** By table, then as the switch searches. */
function inOrder(a: FlowSpec, b: FlowSpec): number {
  return a.table - b.table || b.priority - a.priority || (flowKey(a) < flowKey(b) ? -1 : 1);
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
