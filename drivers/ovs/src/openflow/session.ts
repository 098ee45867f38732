import type { OvsError } from '../errors.ts';
import { type Address, connectSocket, describeAddress } from '../socket.ts';
import { commitBundle } from './commit.ts';
import { createConnection } from './connection.ts';
import type { FlowMod } from './flow-mod.ts';
import { encodeFlowRequest, type FlowFilter, type RawFlow, readFlows } from './flow-stats.ts';
import { messageType } from './message.ts';
import { encodeMeterRequest, type MeterStats, type RawMeter, readMeterStats, readMeters } from './meter.ts';
import { type MeterMod, sendMeterMods } from './meter-mods.ts';
import { askMultipart, multipartType } from './multipart.ts';
import { readTables, type TableStats } from './table-stats.ts';

/** A connection to one bridge's management socket that speaks OpenFlow 1.5. */
export interface OpenFlowSession {
  /**
   * Applies all or nothing, in order, and packets see all or nothing. Rejects with `openflow-error`, whose
   * `details.index` says which one the switch refused.
   */
  commit(flows: readonly FlowMod[]): Promise<void>;
  readFlows(filter?: FlowFilter): Promise<RawFlow[]>;
  readTables(): Promise<TableStats[]>;
  /** One by one, in order. Rejects with `openflow-error`, whose `details.meter` says which one the switch refused. */
  changeMeters(mods: readonly MeterMod[]): Promise<void>;
  readMeters(): Promise<RawMeter[]>;
  readMeterStats(): Promise<MeterStats[]>;
  /** Resolves when the switch has done everything sent before. */
  barrier(): Promise<void>;
  /** Resolves once: with the reason, or with undefined after our own `close`. */
  readonly closed: Promise<OvsError | undefined>;
  close(): void;
}

export interface OpenFlowOptions {
  /** How long the switch may take to say the next thing while something is asked of it. */
  readonly timeoutMs?: number;
}

const none = Buffer.alloc(0);

export async function connectOpenFlow(
  address: Address,
  { timeoutMs = 30_000 }: OpenFlowOptions = {},
): Promise<OpenFlowSession> {
  const connection = createConnection(await connectSocket(address), describeAddress(address), timeoutMs);
  await connection.greeted;
  let nextBundle = 1;
  // A bundle is one exchange of several messages; a second one at the same time would only make both slower.
  let queue: Promise<void> = Promise.resolve();
  return {
    commit(flows) {
      if (flows.length === 0) return Promise.resolve();
      const turn = queue.then(() => commitBundle(connection, nextBundle++, flows));
      queue = turn.catch(() => undefined);
      return turn;
    },
    async readFlows(filter = {}) {
      const answers = await askMultipart(
        connection,
        'to tell its flows',
        multipartType.flow,
        encodeFlowRequest(filter),
      );
      return answers.flatMap(readFlows);
    },
    async readTables() {
      return (await askMultipart(connection, 'to tell its tables', multipartType.table, none)).flatMap(readTables);
    },
    changeMeters: (mods) => (mods.length === 0 ? Promise.resolve() : sendMeterMods(connection, mods)),
    async readMeters() {
      const request = encodeMeterRequest();
      const answers = await askMultipart(connection, 'to tell its meters', multipartType.meterDesc, request);
      return answers.flatMap(readMeters);
    },
    async readMeterStats() {
      const request = encodeMeterRequest();
      const answers = await askMultipart(connection, "to tell its meters' counters", multipartType.meter, request);
      return answers.flatMap(readMeterStats);
    },
    async barrier() {
      await connection.ask('a barrier', messageType.barrierRequest, none, () => true);
    },
    closed: connection.closed,
    close: connection.close,
  };
}
