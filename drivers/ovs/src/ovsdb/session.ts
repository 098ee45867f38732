import { OvsError } from '../errors.ts';
import { type Address, connectSocket, describeAddress } from '../socket.ts';
import type { JsonLimits } from './codec.ts';
import { createRpc, isRecord, type Rpc } from './rpc.ts';

/** One operation of a transaction, as RFC 7047, 5.2 writes it. */
export type Operation = Readonly<Record<string, unknown>> & { readonly op: string };

/** The result of one operation: `rows` of a select, `count` of an update, `uuid` of an insert. */
export interface OperationResult {
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  readonly count?: number;
  readonly uuid?: readonly ['uuid', string];
}

/** Which columns of a table to watch; all rows. */
type MonitorRequest = Readonly<Record<string, { readonly columns: readonly string[] }>>;

/** `diff` rows carry only what changed (`update2`), `full` rows every watched column (`update`, before OVSDB 1.7.1). */
export type MonitorDialect = 'diff' | 'full';

type MonitorListener = (dialect: MonitorDialect, updates: Readonly<Record<string, unknown>>) => void;

export interface Ovsdb {
  /** All or nothing. Rejects with `transaction-failed`, which names the operation, when the database refuses. */
  transact(database: string, operations: readonly Operation[]): Promise<readonly OperationResult[]>;
  /** Calls `listener` with the present rows before it resolves, and then with every change. */
  monitor(database: string, tables: MonitorRequest, listener: MonitorListener): Promise<void>;
  /** Resolves once: with the reason, or with undefined after our own `close`. Reconnecting is the caller's policy. */
  readonly closed: Promise<OvsError | undefined>;
  close(): void;
}

export interface OvsdbOptions {
  /** How long one request may take. */
  readonly timeoutMs?: number;
  /** An echo is sent after this long without a word from the server; twice as long without one ends the session. */
  readonly probeIntervalMs?: number;
  readonly limits?: Partial<JsonLimits>;
}

export async function connectOvsdb(address: Address, options: OvsdbOptions = {}): Promise<Ovsdb> {
  const { timeoutMs = 10_000, probeIntervalMs = 5_000, limits = {} } = options;
  const monitors = new Map<string, MonitorListener>();
  const rpc = createRpc(await connectSocket(address), {
    peer: `OVSDB at ${describeAddress(address)}`,
    timeoutMs,
    limits,
    onNotification(method, [id, updates]) {
      if (method !== 'update' && method !== 'update2') return;
      if (!isRecord(updates)) throw new OvsError('protocol', 'OVSDB sent an update without tables.');
      monitors.get(String(id))?.(method === 'update2' ? 'diff' : 'full', updates);
    },
  });
  keepAlive(rpc, probeIntervalMs);

  return {
    async transact(database, operations) {
      const results = await rpc.request('transact', [database, ...operations]);
      return checkResults(results, operations);
    },
    async monitor(database, tables, listener) {
      const id = `monitor-${monitors.size}`;
      // Updates may follow the answer in the same packet: they wait until the rows they change are there.
      let early: Parameters<MonitorListener>[] | undefined = [];
      monitors.set(id, (...update) => (early ? void early.push(update) : listener(...update)));
      const { dialect, rows } = await startMonitor(rpc, database, id, tables);
      if (!isRecord(rows)) throw new OvsError('protocol', 'OVSDB answered a monitor request without tables.');
      listener(dialect, rows);
      for (const update of early) listener(...update);
      early = undefined;
    },
    closed: rpc.closed,
    close: () => rpc.close(),
  };
}

async function startMonitor(rpc: Rpc, database: string, id: string, tables: MonitorRequest) {
  const wanted = Object.entries(tables);
  try {
    const requests = Object.fromEntries(wanted.map(([name, { columns }]) => [name, [{ columns }]]));
    return { dialect: 'diff', rows: await rpc.request('monitor_cond', [database, id, requests]) } as const;
  } catch (error) {
    const unknown = error instanceof OvsError && error.code === 'rpc-error' && /unknown method/.test(error.message);
    if (!unknown) throw error;
    const requests = Object.fromEntries(wanted.map(([name, { columns }]) => [name, { columns }]));
    return { dialect: 'full', rows: await rpc.request('monitor', [database, id, requests]) } as const;
  }
}

function checkResults(results: unknown, operations: readonly Operation[]): readonly OperationResult[] {
  if (!Array.isArray(results)) throw new OvsError('protocol', 'OVSDB answered a transaction without results.');
  // A refused commit adds one element after the results of the operations (RFC 7047, 4.1.3).
  results.forEach((result: unknown, index) => {
    if (!isRecord(result) || result['error'] === undefined) return;
    const operation = operations[index];
    const what = operation ? `${operation.op} on ${String(operation['table'])}` : 'the commit';
    throw new OvsError(
      'transaction-failed',
      `OVSDB refused ${what}: ${String(result['error'])}: ${String(result['details'])}`,
      {
        details: { ...result, index },
      },
    );
  });
  return results as OperationResult[];
}

/** A dead peer behind a live TCP connection, or a hung server, is noticed only by asking. */
function keepAlive(rpc: Rpc, intervalMs: number): void {
  let looked = performance.now();
  /** Of the silence, what may be our own: while this process stood still, it did not listen. */
  let excused = 0;
  const timer = setInterval(() => {
    const stoodStill = performance.now() - looked > intervalMs;
    looked = performance.now();
    const quiet = rpc.quietMs();
    if (stoodStill) excused = quiet;
    else if (quiet < excused) excused = 0;
    const silence = quiet - excused;
    if (silence > 2 * intervalMs) rpc.close(new OvsError('timeout', `OVSDB said nothing for ${Math.round(quiet)} ms.`));
    else if (silence > intervalMs || stoodStill) rpc.request('echo', []).catch(() => undefined);
  }, intervalMs / 2);
  timer.unref();
  void rpc.closed.then(() => clearInterval(timer));
}
