import { MIGRATE } from '../flags.ts';
import * as remote from '../gen/remote.ts';
import { paramRecord } from '../xdr/typed-params.ts';
import { type MigrationOptions, migrationParams } from './migration-options.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

export interface JobStats {
  /** `none`, `bounded`, `unbounded`, `completed`, `failed` or `cancelled`. */
  type: string;
  /** By libvirt's name, such as `memory_remaining` (bytes) or `time_elapsed` (ms). */
  params: Record<string, number | string | boolean>;
}

const JOB_TYPES = ['none', 'bounded', 'unbounded', 'completed', 'failed', 'cancelled'];

export function migrationOperations({ call }: Rpc) {
  return {
    /**
     * The source's daemon itself talks to the target's, at `targetUri` as the source sees it. Resolves when the domain
     * runs there; that takes as long as its memory changes. Everything else stays possible on this connection.
     */
    async migrateP2P(dom: DomainRef, targetUri: string, options: MigrationOptions = {}): Promise<void> {
      await call(remote.domainMigratePerform3Params, {
        dom,
        dconnuri: targetUri,
        params: migrationParams(options),
        cookieIn: new Uint8Array(0),
        flags: (options.flags ?? 0) | MIGRATE.peerToPeer,
      });
    },
    async jobStats(dom: DomainRef, options: { completed?: boolean } = {}): Promise<JobStats> {
      const { type, params } = await call(remote.domainGetJobStats, { dom, flags: options.completed ? 1 : 0 });
      return { type: JOB_TYPES[type] ?? 'none', params: paramRecord(params) };
    },
    /** Stops a migration, a save or a dump that is under way. */
    async abortJob(dom: DomainRef): Promise<void> {
      await call(remote.domainAbortJob, { dom });
    },
    async setMigrationMaxDowntime(dom: DomainRef, ms: number): Promise<void> {
      await call(remote.domainMigrateSetMaxDowntime, { dom, downtime: BigInt(ms), flags: 0 });
    },
    async setMigrationMaxSpeed(dom: DomainRef, mibPerSecond: number): Promise<void> {
      await call(remote.domainMigrateSetMaxSpeed, { dom, bandwidth: BigInt(mibPerSecond), flags: 0 });
    },
    async startPostCopy(dom: DomainRef): Promise<void> {
      await call(remote.domainMigrateStartPostCopy, { dom, flags: 0 });
    },
  };
}
