import { OvsError } from '../errors.ts';
import type { FlowMod } from '../openflow/flow-mod.ts';
import type { FlowFilter } from '../openflow/flow-stats.ts';
import { formatInstructions } from '../openflow/instructions.ts';
import type { MeterSpec, MeterStats } from '../openflow/meter.ts';
import type { OpenFlowSession } from '../openflow/session.ts';
import type { TableStats } from '../openflow/table-stats.ts';
import { createFlowEncoder, decodeFlow, formatOxm } from './codec.ts';
import { diffFlows, type FlowPlan, type FlowSet, flowKey, installedSet, toFlowSet } from './diff.ts';
import { diffMeters, type MeterSet, rawMeterSet, toMeterSet } from './meters.ts';
import type { FlowChange, FlowDelta, FlowSpec, FlowStats, MeterDelta } from './spec.ts';

/**
 * All flows of one bridge, and the meters that they name. What is asked for is compared with what the switch has, and only the difference is sent, as
 * one bundle that packets see wholly or not at all, and there is no moment at which a flow lacks its meter. The switch's own tables are read at the first use and whenever the
 * connection was lost, so that neither our restart nor the switch's leaves a difference.
 */
export interface FlowTable {
  /** Makes the bridge's flows and meters exactly these. Rejects with `openflow-error`, `details.flow` being the flow refused; no flow has changed then. */
  apply(desired: readonly FlowSpec[], meters?: readonly MeterSpec[]): Promise<FlowChange>;
  /** Changes some flows, in time that depends on the delta and not on the table. A key in both lists is upserted. */
  applyDelta(delta: FlowDelta): Promise<FlowChange>;
  /** Reads the switch's tables and puts back what somebody else changed. All zero: nobody did. */
  repair(): Promise<FlowChange>;
  /** Flows with their counters, in ovs-ofctl's canonical text. */
  stats(filter?: FlowFilter): Promise<FlowStats[]>;
  tableStats(): Promise<TableStats[]>;
  meterStats(): Promise<MeterStats[]>;
  /** Called when the connection is lost: the switch may have restarted, without any flow. `repair` then. Returns how to stop. */
  onLost(listener: (reason: OvsError) => void): () => void;
  close(): void;
}

const nothing: FlowChange = { added: 0, modified: 0, deleted: 0 };

interface FlowTableOptions {
  /** Tables that the switch fills by `learn`: their flows are not compared, and deleted only by a delta. */
  readonly learnedTables?: readonly number[] | undefined;
  /** Part of each change, and of the first one also when it sends nothing; a change that it fails has failed. */
  readonly onChanged?: () => Promise<void>;
}

export function createFlowTable(
  connect: () => Promise<OpenFlowSession>,
  { learnedTables = [], onChanged }: FlowTableOptions = {},
): FlowTable {
  const encoder = createFlowEncoder();
  const listeners = new Set<(reason: OvsError) => void>();
  let connecting: Promise<OpenFlowSession> | undefined;
  /** What we last asked for; undefined until then. */
  let known: FlowSet | undefined;
  let knownMeters: MeterSet = new Map();
  /** Whether the switch, as far as we know, has exactly `known` and `knownMeters`. */
  let synced = false;
  /** Whether `onChanged` has followed all that was sent, also by whoever was here before us. */
  let told = false;
  let closed = false;

  const open = async (): Promise<OpenFlowSession> => {
    const session = await connect();
    void session.closed.then((reason) => {
      connecting = undefined;
      synced = false;
      if (reason) for (const listener of listeners) listener(reason);
    });
    return session;
  };
  const session = (): Promise<OpenFlowSession> => {
    if (closed) return Promise.reject(new OvsError('closed', 'The flow table was closed.'));
    connecting ??= open().catch((error: unknown) => {
      connecting = undefined;
      throw error;
    });
    return connecting;
  };

  /** One by one, so that nothing holds the bytes of all at once. */
  function* encoded(flows: readonly FlowSpec[]): Generator<[FlowMod, FlowSpec]> {
    for (const flow of flows) yield [encoder.encode(flow), flow];
  }

  const send = async (live: OpenFlowSession, { mods }: FlowPlan): Promise<void> => {
    if (mods.length > 0) told = false;
    try {
      await live.commit(mods);
    } catch (error) {
      // Refused: all is as before. Anything else: the switch may or may not have committed.
      if (error instanceof OvsError && error.code === 'openflow-error') throw nameFlow(error, mods);
      synced = false;
      throw error;
    }
  };

  const tell = async (): Promise<void> => {
    if (told) return;
    await onChanged?.();
    told = true;
  };

  const readInstalled = async (live: OpenFlowSession): Promise<FlowSet> =>
    installedSet((await live.readFlows()).filter(({ table }) => !learnedTables.includes(table)));

  /** Changes meters around a change of flows: see {@link diffMeters}. */
  const withMeters = async (
    live: OpenFlowSession,
    installed: MeterSet,
    desired: MeterSet,
    change: () => Promise<void>,
  ): Promise<void> => {
    const { before, after } = diffMeters(installed, desired);
    try {
      await live.changeMeters(before);
      await change();
      await live.changeMeters(after);
    } catch (error) {
      // Some of the meters may be there already.
      if (before.length + after.length > 0) synced = false;
      throw error;
    }
  };

  /** Makes the switch have `desired` and `meters`, which become `known` once it has. */
  const converge = async (desired: FlowSet, meters: MeterSet): Promise<FlowChange> => {
    const live = await session();
    const isKnown = synced && known !== undefined;
    const installedMeters = isKnown ? knownMeters : rawMeterSet(await live.readMeters());
    const installed = isKnown && known ? known : await readInstalled(live);
    const plan = diffFlows(installed, desired);
    await withMeters(live, installedMeters, meters, () => send(live, plan));
    known = desired;
    knownMeters = meters;
    synced = true;
    await tell();
    return plan.change;
  };

  const applyDelta = async ({ upsert, remove, meters }: FlowDelta): Promise<FlowChange> => {
    const live = await session();
    if (!known) {
      known = await readInstalled(live);
      knownMeters = rawMeterSet(await live.readMeters());
    }
    const added = toFlowSet(encoded(upsert));
    const removed = remove.map((key) => flowKey(encoder.encodeKey(key))).filter((key) => !added.has(key));
    const nextMeters = metersAfter(knownMeters, meters);
    if (!synced) return converge(withDelta(new Map(known), added, removed), nextMeters);

    const table = known;
    const before: FlowSet = new Map();
    for (const key of [...added.keys(), ...removed]) {
      const flow = table.get(key);
      if (flow) before.set(key, flow);
    }
    const plan = diffFlows(before, added);
    // What the switch learned is not compared, so what is to go of it goes unseen.
    const forgotten = remove.filter((key) => learnedTables.includes(key.table)).map((key) => encoder.encodeKey(key));
    await withMeters(live, knownMeters, nextMeters, () => send(live, { ...plan, mods: [...forgotten, ...plan.mods] }));
    withDelta(table, added, removed);
    knownMeters = nextMeters;
    await tell();
    return plan.change;
  };

  // One change at a time: each is computed from what the one before left.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const turn = queue.then(change);
    queue = turn.catch(() => undefined);
    return turn;
  };

  return {
    apply: (desired, meters = []) => inTurn(async () => converge(toFlowSet(encoded(desired)), toMeterSet(meters))),
    applyDelta: (delta) => inTurn(() => applyDelta(delta)),
    repair: () =>
      inTurn(async () => {
        if (!known) return nothing;
        synced = false;
        return converge(known, knownMeters);
      }),
    stats: async (filter) => (await (await session()).readFlows(filter)).map(decodeFlow),
    tableStats: async () => (await session()).readTables(),
    meterStats: async () => (await session()).readMeterStats(),
    onLost(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      closed = true;
      listeners.clear();
      void connecting?.then((live) => live.close()).catch(() => undefined);
    },
  };
}

function withDelta(flows: FlowSet, added: FlowSet, removed: readonly string[]): FlowSet {
  for (const key of removed) flows.delete(key);
  for (const [key, flow] of added) flows.set(key, flow);
  return flows;
}

function metersAfter(meters: MeterSet, { upsert, remove }: MeterDelta = { upsert: [], remove: [] }): MeterSet {
  if (upsert.length + remove.length === 0) return meters;
  const after = new Map(meters);
  for (const id of remove) after.delete(id);
  for (const [id, definition] of toMeterSet(upsert)) after.set(id, definition);
  return after;
}

/** Says which flow the switch refused, in the text that people read. */
function nameFlow(error: OvsError, mods: readonly FlowMod[]): OvsError {
  const mod = typeof error.details['index'] === 'number' ? mods[error.details['index']] : undefined;
  if (!mod) return error;
  const { table, priority, cookie } = mod;
  const flow = {
    table,
    priority,
    cookie,
    match: formatOxm(mod.match),
    actions: formatInstructions(mod.instructions),
  };
  const text = `table=${table},priority=${priority},${flow.match} actions=${flow.actions}`;
  return new OvsError(error.code, `${error.message} It is ${text}`, {
    cause: error,
    details: { ...error.details, flow },
  });
}
