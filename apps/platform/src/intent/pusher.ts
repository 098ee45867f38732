import { createHash } from 'node:crypto';
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { HostIntent, HostIntentPatch } from '@hypervigil/model';
import { createIntentCompiler, type IntentCompiler } from '@hypervigil/policy';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Channel } from '../channel/channel.ts';
import type { Database } from '../state/database.ts';
import { PLATFORM, transact } from '../state/work.ts';
import type { Mirror, MirrorChange } from './mirror.ts';

export interface IntentPusher {
  /** An engine is here and holds `have`. It gets what it lacks. */
  arrived(channel: Channel, have: number): Promise<void>;
  /** An engine does not hold the base of a patch. */
  wanted(channel: Channel): Promise<void>;
  left(channel: Channel): void;
  /** Writes what lets an engine that comes back after a restart of ours go without the whole document. */
  remember(): Promise<void>;
}

export interface PusherMetrics {
  compiled(seconds: number): void;
  pushed(kind: 'full' | 'patch'): void;
}

/**
 * Compiles the cloud into intent and sends it. The document is the same for every host; each host has its own revision,
 * kept in the database, so that one which comes back can tell whether it missed anything.
 */
export function createPusher(deps: {
  db: Database;
  mirror: Mirror;
  logger: Logger;
  metrics: PusherMetrics;
}): IntentPusher {
  const { db, mirror, logger, metrics } = deps;
  /** Connected engines by host, with the revision that they were sent last. */
  const engines = new Map<string, { readonly channel: Channel; revision: number }>();
  let compiler: IntentCompiler | undefined;
  /** The present document, made when somebody needs the whole of it. */
  let whole: { readonly intent: HostIntent; readonly digest: string } | undefined;
  let pending: (MirrorChange | null)[] = [];
  let remembered = true;
  /** The published revision in what was compiled last. */
  let compiledPolicy = mirror.policyRevision();
  let working = Promise.resolve();

  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = working.then(run);
    working = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };

  const stamp = () => ({ revision: 0, policyRevision: mirror.policyRevision() });

  /** The compiler with everything that has come so far; what is still pending is in the mirror already. */
  function compile(): IntentCompiler {
    if (compiler !== undefined) return compiler;
    const started = performance.now();
    const all = <K extends Parameters<Mirror['rows']>[0]>(kind: K) => [...mirror.rows(kind).values()];
    pending = [];
    compiler = createIntentCompiler(
      {
        tenants: all('tenants'),
        networks: all('networks'),
        vms: all('vms'),
        groups: all('groups'),
        addressSets: all('addressSets'),
        schedules: all('schedules'),
        namedServices: all('namedServices'),
        policies: all('policies'),
        limits: all('limits'),
      },
      stamp(),
    );
    metrics.compiled((performance.now() - started) / 1000);
    return compiler;
  }

  function wholeIntent(): { readonly intent: HostIntent; readonly digest: string } {
    if (whole === undefined) {
      const intent = { ...compile().intent(), policyRevision: compiledPolicy };
      whole = { intent, digest: digestOf(intent) };
    }
    return whole;
  }

  /** What became different since the last time, or `null` when the whole document has to be sent. */
  function takePending(): HostIntentPatch | null {
    const changes = pending;
    pending = [];
    whole = undefined;
    if (compiler === undefined || changes.includes(null)) {
      compiler = undefined;
      compile();
      return null;
    }
    const started = performance.now();
    const patch = compiler.update(merged(changes as MirrorChange[]), stamp());
    metrics.compiled((performance.now() - started) / 1000);
    return patch;
  }

  async function flush(): Promise<void> {
    if (pending.length === 0) return;
    await othersTurn();
    const patch = takePending();
    const isSame = patch !== null && isEmpty(patch) && compiledPolicy === mirror.policyRevision();
    compiledPolicy = mirror.policyRevision();
    if (isSame) return;
    const hostIds = [...engines.keys()];
    if (hostIds.length === 0) return;
    const revisions = await nextRevisions(db, hostIds);
    remembered = false;
    for (const [hostId, engine] of engines) {
      const revision = revisions.get(hostId);
      if (revision === undefined) continue;
      if (patch === null) sendWhole(engine.channel, revision);
      else {
        engine.channel.send({ type: 'intent.patch', patch: { ...patch, base: engine.revision, revision } });
        metrics.pushed('patch');
      }
      engine.revision = revision;
    }
  }

  function sendWhole(channel: Channel, revision: number): void {
    channel.send({ type: 'intent', intent: { ...wholeIntent().intent, revision } });
    metrics.pushed('full');
  }

  mirror.onChange((change) => {
    // The first of a burst goes out at once; what comes while it is on its way is one change more.
    if (pending.push(change) > 1) return;
    void inTurn(flush).catch((error: Error) => {
      logger.error({ err: error }, 'intent could not be sent; engines are sent the whole document');
      compiler = undefined;
      pending = [null];
      setTimeout(() => void inTurn(flush).catch(() => cutAll()), 500).unref();
    });
  });

  /** They come back and ask. */
  function cutAll(): void {
    for (const { channel } of engines.values()) channel.close(1013, 'try again');
  }

  return {
    arrived: (channel, have) =>
      inTurn(async () => {
        await flush();
        const { hostId } = channel.engine;
        const { revision, known } = await confirmRevision(db, hostId, wholeIntent().digest);
        engines.set(hostId, { channel, revision });
        if (!known || have !== revision) sendWhole(channel, revision);
      }),
    wanted: (channel) =>
      inTurn(async () => {
        await flush();
        const engine = engines.get(channel.engine.hostId);
        if (engine?.channel === channel) sendWhole(channel, engine.revision);
      }),
    left(channel) {
      if (engines.get(channel.engine.hostId)?.channel === channel) engines.delete(channel.engine.hostId);
    },
    remember: () =>
      inTurn(async () => {
        if (remembered || engines.size === 0 || pending.length > 0) return;
        remembered = true;
        const { digest } = wholeIntent();
        for (const [hostId, { revision }] of engines)
          await db
            .updateTable('hosts')
            .set({ intent_digest: digest })
            .where('id', '=', hostId)
            .where('intent_revision', '=', revision)
            .execute();
      }),
  };
}

/** The documents are canonical, so equal ones are equal text. */
function digestOf(intent: HostIntent): string {
  return createHash('sha256')
    .update(JSON.stringify({ ...intent, revision: 0 }))
    .digest('hex');
}

function nextRevisions(db: Database, hostIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  return transact(db, PLATFORM, async ({ tx, changed }) => {
    const rows = await tx
      .updateTable('hosts')
      .set({ intent_revision: sql`intent_revision + 1`, intent_digest: null })
      .where('id', 'in', hostIds)
      .returning(['id', 'intent_revision'])
      .execute();
    for (const { id } of rows) changed('host', id);
    return new Map(rows.map((row) => [row.id, row.intent_revision]));
  });
}

/** Keeps the host's revision when its document is still the same one (`known`), or gives it the next. */
function confirmRevision(db: Database, hostId: string, digest: string): Promise<{ revision: number; known: boolean }> {
  return transact(db, PLATFORM, async ({ tx, changed }) => {
    const host = await tx
      .selectFrom('hosts')
      .select(['intent_revision', 'intent_digest'])
      .where('id', '=', hostId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (host.intent_digest === digest) return { revision: host.intent_revision, known: true };
    const revision = host.intent_revision + 1;
    const next = { intent_revision: revision, intent_digest: digest };
    await tx.updateTable('hosts').set(next).where('id', '=', hostId).execute();
    changed('host', hostId);
    return { revision, known: false };
  });
}

/** Several changes as one: the last word on a row counts. */
function merged(changes: readonly MirrorChange[]): MirrorChange {
  const last = changes.at(-1)!;
  if (changes.length === 1) return last;
  const upsert: Record<string, unknown[]> = {};
  const remove: Record<string, string[]> = {};
  for (const kind of [
    'tenants',
    'networks',
    'vms',
    'groups',
    'addressSets',
    'schedules',
    'namedServices',
    'policies',
    'limits',
  ] as const) {
    const rows = new Map<string, unknown>();
    for (const change of changes) {
      for (const id of change.remove?.[kind] ?? []) rows.set(id, undefined);
      for (const row of change.upsert?.[kind] ?? []) rows.set(row.id, row);
    }
    upsert[kind] = [...rows.values()].filter((row) => row !== undefined);
    remove[kind] = [...rows].filter(([, row]) => row === undefined).map(([id]) => id);
  }
  return { upsert, remove, policyRevision: last.policyRevision } as MirrorChange;
}

function isEmpty(patch: HostIntentPatch): boolean {
  const { networks, tenants, vnics, sets, rules, staged, limits } = patch;
  const lists = [networks, tenants, vnics, rules, staged, limits].flatMap(({ upsert, remove }) => [
    upsert.length,
    remove.length,
  ]);
  return [...lists, sets.upsert.length, sets.remove.length, sets.change.length].every((n) => n === 0);
}
