import * as remote from '../gen/remote.ts';
import type { TypedParam } from '../xdr/typed-params.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** What each step hands to the next, on the other host. Opaque to the client. */
export type MigrationCookie = Uint8Array;

/** What every step is told. */
export interface MigrationStep {
  params: TypedParam[];
  cookie: MigrationCookie;
  flags: number;
}

/**
 * The five steps of libvirt's migration protocol, version 3 with parameters; `migrateDirect` knows their order. Its
 * tunnelled form is spoken between daemons only.
 */
export function migrationStepOperations({ call }: Rpc) {
  return {
    /** At the source: the definition to run on the target. */
    async migrateBegin(
      dom: DomainRef,
      { params, flags }: Omit<MigrationStep, 'cookie'>,
    ): Promise<{ xml: string; cookie: MigrationCookie }> {
      const { xml, cookieOut } = await call(remote.domainMigrateBegin3Params, { dom, params, flags });
      return { xml, cookie: cookieOut };
    },
    /** At the target: a QEMU process that waits for memory, and where it does. */
    async migratePrepare(step: MigrationStep): Promise<{ uri: string | null; cookie: MigrationCookie }> {
      const { uriOut, cookieOut } = await call(remote.domainMigratePrepare3Params, wire(step));
      return { uri: uriOut, cookie: cookieOut };
    },
    /** At the source: sends the memory. Takes as long as that takes. */
    async migratePerform(dom: DomainRef, step: MigrationStep): Promise<MigrationCookie> {
      return (await call(remote.domainMigratePerform3Params, { dom, dconnuri: null, ...wire(step) })).cookieOut;
    },
    /** At the target: starts the domain, or with `cancelled` throws it away and rejects. */
    async migrateFinish(
      step: MigrationStep,
      cancelled: boolean,
    ): Promise<{ domain: DomainRef; cookie: MigrationCookie }> {
      const args = { ...wire(step), cancelled: cancelled ? 1 : 0 };
      const { dom, cookieOut } = await call(remote.domainMigrateFinish3Params, args);
      return { domain: dom, cookie: cookieOut };
    },
    /** At the source: ends the domain there, or with `cancelled` lets it go on. */
    async migrateConfirm(dom: DomainRef, step: MigrationStep, cancelled: boolean): Promise<void> {
      await call(remote.domainMigrateConfirm3Params, { dom, ...wire(step), cancelled: cancelled ? 1 : 0 });
    },
  };
}

function wire({ params, cookie, flags }: MigrationStep) {
  return { params, cookieIn: cookie, flags };
}
