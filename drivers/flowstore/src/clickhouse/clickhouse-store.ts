import { requireBatchId } from '../batch-id.ts';
import { FlowStoreError } from '../errors.ts';
import type { FlowStore } from '../store.ts';
import { batchOf } from './batch.ts';
import { queryNames } from './names.ts';
import { queryEdges, queryFlows, querySeries } from './query.ts';
import { reader } from './read.ts';
import { retain } from './retention.ts';
import { prepareSchema } from './schema.ts';
import { Server } from './server.ts';
import { engineError } from './server-error.ts';
import { statistics } from './stats.ts';
import { queryRuleHits, queryTalks, queryVmsSeen } from './talks.ts';
import { queryTop } from './top.ts';
import { queryTurns } from './turns.ts';
import { Writer } from './writer.ts';

export interface ClickHouseStoreOptions {
  /** Its HTTP interface with the database: `https://clickhouse.example:8443/hypervigil`. The database is made. */
  readonly url: string;
  /** Default `default`. */
  readonly user?: string;
  readonly password?: string;
  /** Certificates (PEM) to trust instead of the system's. */
  readonly ca?: string;
  /** Memory that the server may use for one question. Default 2048. */
  readonly memoryMiB?: number;
  /** Seconds after which a question is given up. Default 20. */
  readonly querySeconds?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * A flow store in a ClickHouse server, from 18.16 on, that several processes may use at once. A server that does not answer is
 * waited for: what is asked of the store until then is refused.
 * @throws FlowStoreError `FLOWSTORE_NEWER`, `FLOWSTORE_REFUSED`, `FLOWSTORE_FAILED`
 */
export async function openClickHouseStore(options: ClickHouseStoreOptions): Promise<FlowStore> {
  const { user = 'default', password = null, ca = null, memoryMiB = 2048, querySeconds = 20, now = Date.now } = options;
  const server = new Server({ ...serverOf(options.url), user, password, ca });
  const read = reader(server, { seconds: querySeconds, memoryMiB });
  const stats = statistics(server, read);
  const writer = new Writer(server, now);
  const running = new Set<Promise<unknown>>();
  let closed = false;
  let prepared: Promise<void> | null = null;

  /** Once is enough, when it succeeds. */
  function prepare(): Promise<void> {
    prepared ??= prepareSchema(server).catch((cause) => {
      prepared = null;
      throw cause;
    });
    return prepared;
  }

  async function use<T>(work: () => Promise<T>): Promise<T> {
    if (closed) throw new FlowStoreError('FLOWSTORE_CLOSED', 'The flow store is closed.');
    const result = prepare()
      .then(work)
      .catch((cause) => {
        throw engineError(cause);
      });
    running.add(result);
    return result.finally(() => running.delete(result));
  }

  await prepare().catch((cause) => {
    const error = engineError(cause);
    if (error.code !== 'FLOWSTORE_UNREACHABLE') throw error;
  });

  return {
    async append(batchId, rows, names = []) {
      requireBatchId(batchId);
      return use(() => writer.append(batchOf(batchId, rows, names)));
    },
    query: (filter, page) => use(() => queryFlows(read, filter, page)),
    edges: (filter, limit) => use(() => queryEdges(read, filter, limit)),
    top: (filter, by, order, limit) => use(() => queryTop(read, filter, by, order, limit)),
    talks: (filter, limit) => use(() => queryTalks(read, filter, limit)),
    turns: (before, after, limit) => use(() => queryTurns(read, before, after, limit)),
    ruleHits: (filter) => use(() => queryRuleHits(read, filter)),
    vmsSeen: (filter) => use(() => queryVmsSeen(read, filter)),
    series: (filter, bucketMs) => use(() => querySeries(read, filter, bucketMs)),
    names: (filter, page) => use(() => queryNames(read, filter, page)),
    stats: () => use(stats),
    retain: (limits) => use(() => retain(server, limits)),
    async close() {
      closed = true;
      await Promise.allSettled(running);
      await writer.settled();
    },
  };
}

const DATABASE = /^\/([A-Za-z_][A-Za-z0-9_]{0,62})\/?$/;

function serverOf(text: string): { readonly url: URL; readonly database: string } {
  const url = new URL(text);
  const database = DATABASE.exec(url.pathname)?.[1];
  if (database === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new FlowStoreError(
      'FLOWSTORE_FAILED',
      'A ClickHouse server is named like https://clickhouse.example:8443/hypervigil.',
    );
  return { url, database };
}
