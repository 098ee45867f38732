import { LibvirtError } from '../errors.ts';
import { MIGRATE } from '../flags.ts';
import type { Libvirt } from '../libvirt.ts';
import { type MigrationOptions, migrationParams, withText } from './migration-options.ts';
import type { DomainRef } from './refs.ts';

type Source = Pick<Libvirt, 'migrateBegin' | 'migratePerform' | 'migrateConfirm' | 'domainState'>;
type Target = Pick<Libvirt, 'migratePrepare' | 'migrateFinish'>;

/** Flags that only the source understands. */
const SOURCE_ONLY = MIGRATE.abortOnError | MIGRATE.autoConverge;
const NO_COOKIE = new Uint8Array(0);

/**
 * Migrates a domain with this client as the conductor: it needs connections to both hosts, and the hosts' daemons need
 * not reach each other. The steps and what follows a failure of each are those of virDomainMigrateVersion3Full
 * (libvirt-domain.c). Resolves with the domain on the target. When a step fails the domain goes on at the source, and
 * that step's error is thrown.
 */
export async function migrateDirect(
  source: Source,
  target: Target,
  dom: DomainRef,
  options: MigrationOptions = {},
): Promise<DomainRef> {
  const params = migrationParams(options);
  const asked = (options.flags ?? 0) & ~(MIGRATE.peerToPeer | MIGRATE.tunnelled);
  // Without protection the domain could be changed or destroyed at the source between two steps.
  const begun = await source.migrateBegin(dom, { params, flags: asked | MIGRATE.changeProtection });

  const prepared = await prepare().catch(giveUp);
  const { flags, sent } = prepared;
  const atSource = flags | MIGRATE.changeProtection;
  const performed = await perform().catch(abandon);
  const finished = await finish(performed, false).catch(giveUp);
  await source.migrateConfirm(dom, { params: sent, cookie: finished.cookie, flags: atSource }, false);
  return finished.domain;

  async function prepare() {
    const { state } = await source.domainState(dom);
    // A paused domain stays paused.
    const flags = state === 'paused' ? asked | MIGRATE.paused : asked;
    const step = { params: withText(params, 'destination_xml', begun.xml), flags: flags & ~SOURCE_ONLY };
    const { uri, cookie } = await target.migratePrepare({ ...step, cookie: begun.cookie });
    return { flags, cookie, sent: uri === null ? params : withText(params, 'migrate_uri', uri) };
  }

  async function perform() {
    if (!sent.some(({ field }) => field === 'migrate_uri'))
      throw new LibvirtError('operation-failed', 'the target did not say where it waits for the memory');
    if (flags & MIGRATE.offline) return NO_COOKIE;
    return source.migratePerform(dom, { params: sent, cookie: prepared.cookie, flags: atSource });
  }

  function finish(cookie: Uint8Array, cancelled: boolean) {
    const named = withText(sent, 'destination_name', options.destinationName ?? dom.name);
    return target.migrateFinish({ params: named, cookie, flags: flags & ~SOURCE_ONLY }, cancelled);
  }

  /** The source knows that it failed; the target does not, and answers the news with an error. */
  async function abandon(error: unknown): Promise<never> {
    await finish(NO_COOKIE, true).catch(() => undefined);
    throw error;
  }

  async function giveUp(error: unknown): Promise<never> {
    const step = { params, cookie: NO_COOKIE, flags: asked | MIGRATE.changeProtection };
    await source.migrateConfirm(dom, step, true).catch(() => undefined);
    throw error;
  }
}
