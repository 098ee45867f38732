import {
  advance,
  beginState,
  type Detection,
  observe,
  observeName,
  type SeenFlow,
  type SeenName,
  type Sighting,
  type SightingContext,
  sightingsOf,
  type Tuning,
  UNTUNED,
  type VmState,
} from '@hypervigil/detect';
import type { NameRow } from '@hypervigil/flowstore';
import type { Logger } from 'pino';
import { type Database, isUnavailable } from '../state/database.ts';
import { type DetectionOfVm, raise } from './raise.ts';
import { loadStates, saveStates } from './states.ts';

/** Judges flows and names after they were stored, in its own time: storing never waits for it. */
export interface FlowDetection {
  /**
   * Puts them into the queue. What it has no room for is counted and not judged.
   * @returns how many those are
   */
  take(flows: readonly SeenFlow[], names?: readonly NameRow[]): number;
  /** Judges what is in the queue, and tells. */
  turn(): Promise<void>;
  /** Writes down what was learnt since the last time. */
  save(): Promise<void>;
  /** What this process knows of a VM; whoever asks changes nothing of it. */
  held(vmId: string): Held | undefined;
  /** How detectors are set for it. */
  tuningOf(vmId: string): Tuning;
}

/** What is known of a VM, and when something last came to it. */
interface Held {
  readonly state: VmState;
  readonly seenMs: number;
}

interface DetectionDeps {
  readonly db: Database;
  readonly logger: Logger;
  readonly metrics: {
    detected(code: DetectionOfVm['code']): void;
    undetected(why: 'overload' | 'failure', flows: number): void;
  };
  readonly context?: Omit<SightingContext, 'effortOf'>;
  /** How detectors are set for a VM. */
  readonly tuningOf?: (vmId: string) => Tuning;
  /** Brings the context up to date, before what has arrived is judged by it. */
  readonly refresh?: () => Promise<void>;
  readonly now?: () => number;
  readonly maxQueued?: number;
}

/** Flows that are judged before others get a turn: a few milliseconds. */
const SLICE = 2_000;
/** Flows of hosts whose clocks differ are put right on the way; what is further ahead is not from then. */
const MAX_AHEAD_MS = 300_000;
/** While the database is away. */
const MAX_UNTOLD = 1_000;
const MAX_VMS = 50_000;
/** Answers are waited for so long; later, nothing happens of itself. */
const RESTLESS_MS = 15_000;

type Arrived = SeenFlow | SeenName;

/** Questions of VMs about names. */
const askedIn = ({ kind, src, dst, name, atMs }: NameRow): SeenName[] =>
  kind !== 'dns' || src.vmId === null
    ? []
    : [{ vmId: src.vmId, name, atMs, peer: { ip: dst.ip, vmId: dst.vmId, tenantId: dst.tenantId } }];

interface Watched extends Held {
  seenMs: number;
  isSaved: boolean;
}

export function createDetection(deps: DetectionDeps): FlowDetection {
  const { db, logger, metrics, context, tuningOf = () => UNTUNED, refresh, now = Date.now, maxQueued = 200_000 } = deps;
  /** In the order of the last flow. */
  const watched = new Map<string, Watched>();
  const effortOf = (vmId: string) => tuningOf(vmId).effort;
  const tuned: SightingContext = { ...context, effortOf };
  let queue: Arrived[] = [];
  /** What could not be told yet: the database was away. */
  let untold: DetectionOfVm[] = [];

  /** A detector that fails begins anew with this VM, and the others go on. */
  function judge(vmId: string, run: (state: VmState) => readonly Detection[]): DetectionOfVm[] {
    try {
      const { offBy } = tuningOf(vmId);
      return run(watched.get(vmId)!.state).map((one) => ({ ...one, vmId, offBy: offBy[one.code] }));
    } catch (error) {
      logger.error({ err: error, vm: vmId }, 'a detector failed; what it knew of the VM is forgotten');
      metrics.undetected('failure', 1);
      watched.set(vmId, { state: beginState(), seenMs: now(), isSaved: false });
      return [];
    }
  }

  function look(seen: Sighting | SeenName): DetectionOfVm[] {
    const { vmId } = seen;
    const one = watched.get(vmId)!;
    watched.delete(vmId);
    watched.set(vmId, Object.assign(one, { seenMs: now(), isSaved: false }));
    return judge(vmId, (state) => ('role' in seen ? observe(state, seen) : observeName(state, seen)));
  }

  /** What is known of VMs that were not seen here lately: another process may have seen them. */
  async function remember(vmIds: ReadonlySet<string>): Promise<void> {
    const missing = [...vmIds].filter((vmId) => !watched.has(vmId));
    const saved = await loadStates(db, missing);
    for (const vmId of missing)
      watched.set(vmId, { state: saved.get(vmId)?.state ?? beginState(), seenMs: now(), isSaved: true });
  }

  async function forget(): Promise<void> {
    const over = [...watched].slice(0, Math.max(0, watched.size - MAX_VMS));
    await write(over.filter(([, { isSaved }]) => !isSaved));
    for (const [vmId] of over) watched.delete(vmId);
  }

  async function write(some: readonly (readonly [string, Watched])[]): Promise<void> {
    for (let i = 0; i < some.length; i += 1000) {
      const part = some.slice(i, i + 1000);
      for (const [, one] of part) one.isSaved = true;
      try {
        await saveStates(
          db,
          part.map(([vmId, { state }]) => [vmId, state] as const),
        );
      } catch (error) {
        for (const [, one] of part) one.isSaved = false;
        throw error;
      }
    }
  }

  /** A clock that jumped must not silence a detector until its time has come. */
  function notAhead(one: Arrived): Arrived {
    const atMs = now();
    if (!('endMs' in one)) return one.atMs <= atMs + MAX_AHEAD_MS ? one : { ...one, atMs };
    return one.endMs <= atMs + MAX_AHEAD_MS ? one : { ...one, startMs: Math.min(one.startMs, atMs), endMs: atMs };
  }

  async function tell(found: readonly DetectionOfVm[]): Promise<void> {
    for (const { code } of found) metrics.detected(code);
    const telling = [...untold, ...found].slice(-MAX_UNTOLD);
    untold = telling;
    await raise(db, telling).catch((error: unknown) => {
      if (isUnavailable(error)) throw error;
      return tellEach(telling);
    });
    untold = [];
  }

  /** One that cannot be told must not keep the others from it. */
  async function tellEach(telling: readonly DetectionOfVm[]): Promise<void> {
    for (const one of telling)
      await raise(db, [one]).catch((error: unknown) => {
        if (isUnavailable(error)) throw error;
        logger.error({ err: error, vm: one.vmId, code: one.code }, 'an alert could not be raised');
        metrics.undetected('failure', 1);
      });
  }

  function enqueue(arrived: readonly Arrived[]): number {
    const room = Math.max(0, maxQueued - queue.length);
    for (const one of arrived.slice(0, room)) queue.push(one);
    const over = Math.max(0, arrived.length - room);
    if (over > 0) metrics.undetected('overload', over);
    return over;
  }

  return {
    take: (flows, names = []) => enqueue([...flows, ...names.flatMap(askedIn)]),
    async turn() {
      const arrived = queue;
      queue = [];
      const found: DetectionOfVm[] = [];
      /** The database is away: what is not judged yet comes first at the next turn. */
      const giveBack = (rest: Arrived[], error: unknown): never => {
        const later = queue;
        queue = rest;
        enqueue(later);
        untold = [...untold, ...found].slice(-MAX_UNTOLD);
        throw error;
      };
      if (arrived.length > 0) await refresh?.().catch((error: unknown) => giveBack(arrived, error));
      for (let i = 0; i < arrived.length; i += SLICE) {
        const sightings = arrived
          .slice(i, i + SLICE)
          .map(notAhead)
          .flatMap((one): readonly (Sighting | SeenName)[] =>
            'endMs' in one ? sightingsOf(one, tuned) : [{ ...one, effort: effortOf(one.vmId) }],
          );
        await remember(new Set(sightings.map(({ vmId }) => vmId))).catch((error: unknown) =>
          giveBack(arrived.slice(i), error),
        );
        for (const seen of sightings) found.push(...look(seen));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const atMs = now();
      for (const [vmId, { seenMs }] of [...watched].reverse()) {
        if (atMs - seenMs > RESTLESS_MS) break;
        found.push(...judge(vmId, (state) => advance(state, atMs, effortOf(vmId))));
      }
      await tell(found);
      await forget();
    },
    held: (vmId) => watched.get(vmId),
    tuningOf,
    save: () => write([...watched].filter(([, { isSaved }]) => !isSaved)),
  };
}
