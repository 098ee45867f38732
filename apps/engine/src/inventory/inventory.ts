import { setTimeout as delay } from 'node:timers/promises';
import type { DomainRef, Libvirt } from '@hypervigil/libvirt';
import { isLibvirtError } from '@hypervigil/libvirt';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { readDomain } from './domain.ts';
import { differences, type VmFacts } from './facts.ts';

export type InventoryLibvirt = Pick<Libvirt, 'listDomains' | 'domainXml' | 'domainState' | 'onDomainEvent'>;

export interface Inventory {
  vms(): ReadonlyMap<string, VmFacts>;
  /** True once a session with libvirt has been read in full. False again while libvirt is away: what is known is old. */
  live(): boolean;
  /** Follows this session's events and reads everything once. */
  attach(libvirt: InventoryLibvirt): Promise<void>;
  detach(): void;
  /** Reads everything again. Resolves with what events had missed, one line each. */
  readAll(): Promise<string[]>;
}

interface InventoryOptions {
  /** Called with the VM's id after each change; the VM is gone when `vms()` lacks it. */
  readonly onChange: (id: string) => void;
  readonly log: Log;
  /** How long an event may come after what it tells was already read. */
  readonly graceMs?: number;
}

/** Reads under way at once; the daemon serves five requests of a client at a time (libvirtd.conf, max_client_requests). */
const PARALLEL_READS = 16;

/** What runs on this host, kept right by libvirt's events and checked by full reads. */
export function createInventory({ onChange, log, graceMs = 500 }: InventoryOptions): Inventory {
  const vms = new Map<string, VmFacts>();
  let session: InventoryLibvirt | undefined;
  let live = false;
  /** A VM that was seen running here and is paused by a migration is leaving, not arriving. */
  const ranHere = new Set<string>();
  const refreshing = new Map<string, { again: boolean }>();
  /** Ids of which an event told something, while a full read is under way. */
  let told: Set<string> | undefined;

  const put = (facts: VmFacts): void => {
    if (facts.state === 'running' || facts.state === 'blocked') ranHere.add(facts.id);
    vms.set(facts.id, facts);
  };
  const drop = (id: string): void => {
    ranHere.delete(id);
    vms.delete(id);
  };

  const read = async (libvirt: InventoryLibvirt, domain: DomainRef): Promise<VmFacts | undefined> => {
    try {
      const [state, xml] = await Promise.all([libvirt.domainState(domain), libvirt.domainXml(domain)]);
      return readDomain(xml, state, ranHere.has(domain.uuid));
    } catch (error) {
      if (isLibvirtError(error, 'no-domain')) return undefined;
      throw error;
    }
  };

  const refresh = async (libvirt: InventoryLibvirt, domain: DomainRef): Promise<void> => {
    const busy = refreshing.get(domain.uuid);
    if (busy) {
      busy.again = true;
      return;
    }
    const turn = { again: true };
    refreshing.set(domain.uuid, turn);
    try {
      while (turn.again) {
        turn.again = false;
        const facts = await read(libvirt, domain);
        if (session !== libvirt) return;
        if (facts) put(facts);
        else drop(domain.uuid);
        onChange(domain.uuid);
      }
    } catch (error) {
      log.warn({ vm: domain.name, reason: describeError(error) }, 'a VM could not be read');
    } finally {
      refreshing.delete(domain.uuid);
    }
  };

  const readEverything = async (libvirt: InventoryLibvirt): Promise<Map<string, VmFacts>> => {
    const domains = await libvirt.listDomains();
    const found = new Map<string, VmFacts>();
    const rest = domains.values();
    const worker = async (): Promise<void> => {
      for (const domain of rest) {
        const facts = await read(libvirt, domain).catch((error: unknown) => {
          if (isLibvirtError(error, 'closed')) throw error;
          log.warn({ vm: domain.name, reason: describeError(error) }, 'a VM could not be read');
          return vms.get(domain.uuid);
        });
        if (facts) found.set(facts.id, facts);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_READS }, worker));
    return found;
  };

  const readAll = async (): Promise<string[]> => {
    const libvirt = session;
    if (!libvirt || told) return [];
    const events = new Set<string>();
    told = events;
    try {
      const found = await readEverything(libvirt);
      if (session !== libvirt) return [];
      // An event during the read is newer than what was read, and is refreshed on its own.
      const missed = differences(vms, found).filter(({ id }) => !events.has(id));
      for (const { id } of missed) {
        const facts = found.get(id);
        if (facts) put(facts);
        else drop(id);
        onChange(id);
      }
      if (missed.length > 0) await delay(graceMs);
      return missed.filter(({ id }) => !events.has(id)).map(({ text }) => text.slice(0, 500));
    } finally {
      told = undefined;
    }
  };

  return {
    vms: () => vms,
    live: () => live,
    async attach(libvirt) {
      session = libvirt;
      const follow = ({ domain }: { domain: DomainRef }): void => {
        told?.add(domain.uuid);
        if (session === libvirt) void refresh(libvirt, domain);
      };
      await libvirt.onDomainEvent('lifecycle', follow);
      // Not every driver has these (the test driver has none); the periodic full read stands in for them.
      for (const kind of ['device-added', 'device-removed', 'metadata-change'] as const) {
        await libvirt.onDomainEvent(kind, follow).catch((error: unknown) => {
          if (isLibvirtError(error, 'closed')) throw error;
          log.info({ event: kind, reason: describeError(error) }, 'libvirt does not tell these events');
        });
      }
      const events = new Set<string>();
      told = events;
      try {
        const found = await readEverything(libvirt);
        if (session !== libvirt) return;
        for (const id of vms.keys()) if (!found.has(id) && !events.has(id)) drop(id);
        for (const facts of found.values()) if (!events.has(facts.id)) put(facts);
      } finally {
        told = undefined;
      }
      live = true;
    },
    detach() {
      session = undefined;
      live = false;
    },
    readAll,
  };
}
