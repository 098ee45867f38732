import { isDeepStrictEqual } from 'node:util';
import { MAX_VMS, type ObservedVm } from '@hypervigil/contract';
import { FrameError } from '../channel/frames.ts';
import type { Tx } from '../state/database.ts';
import { lock, type Work } from '../state/work.ts';
import { type ClaimSettings, resolveClaims } from './claims.ts';
import { mergeVm } from './merge.ts';
import { isActive, ownerOf, type Sighting } from './owner.ts';
import { countSightings, deleteSightings, loadKnown, loadSightings, writeMerged, writeSightings } from './rows.ts';

/** What a host says: these VMs are so, those are no longer there. */
export interface Report {
  readonly hostId: string;
  readonly present: readonly ObservedVm[];
  readonly gone: readonly string[];
  /** `present` is everything: what this host knew before and does not name is gone. */
  readonly full: boolean;
}

/**
 * Takes a report in: remembers what the host said, decides who has each VM, and writes what became different. Reports
 * are taken in one after the other across all processes, since two hosts may speak of one VM.
 * @returns how many VMs changed
 */
export async function observe(work: Work, report: Report, settings: ClaimSettings): Promise<number> {
  await lock(work.tx, 'inventory');
  const { hostId, full } = report;
  const present = dedupe(report.present);
  const mentioned = [...present.keys(), ...report.gone];
  const before = await loadSightings(work.tx, full ? { hostId } : { hostId, vmIds: mentioned });
  const old = new Map(before.map((row) => [row.vmId, row]));

  const news = [...present.values()].filter((vm) => !isDeepStrictEqual(old.get(vm.id)?.observed, vm));
  const gone = full ? [...old.keys()].filter((id) => !present.has(id)) : report.gone.filter((id) => old.has(id));
  if (news.length === 0 && gone.length === 0) return 0;

  if (!full && news.some((vm) => !old.has(vm.id))) await requireRoom(work.tx, hostId);

  const now = new Date();
  await deleteSightings(work.tx, hostId, gone);
  await writeSightings(
    work.tx,
    news.map((observed) => ({
      vmId: observed.id,
      hostId,
      activeSince: isActive(observed) ? (old.get(observed.id)?.activeSince ?? now) : null,
      observed,
    })),
  );
  return settle(work, [...news.map((vm) => vm.id), ...gone], settings);
}

/** @throws FrameError when the host has as many VMs as a host may have: one that speaks of ever more is not a host */
async function requireRoom(tx: Tx, hostId: string): Promise<void> {
  if ((await countSightings(tx, hostId)) >= MAX_VMS) throw new FrameError(`more than ${MAX_VMS} VMs`);
}

/** Decides again what these VMs are, from all that hosts say of them. */
export async function settle(work: Work, vmIds: readonly string[], settings: ClaimSettings): Promise<number> {
  const sightings = Map.groupBy(await loadSightings(work.tx, { vmIds }), (row) => row.vmId);
  const known = await loadKnown(work.tx, vmIds);
  const claims = await resolveClaims(
    work,
    [...sightings.values()].flatMap((rows) => rows.map((row) => row.observed)),
    settings,
  );
  const merged = vmIds.flatMap((id) => {
    const vm = known.vms.get(id);
    const owner: Sighting | undefined = ownerOf(sightings.get(id) ?? [], vm?.host_id ?? null);
    return mergeVm(id, vm, known.vnics.get(id) ?? [], owner, claims) ?? [];
  });
  const changed = await writeMerged(work.tx, known, merged);
  for (const id of changed) work.changed('vm', id);
  return changed.length;
}

/** A hostile report may name one VM twice; the last word counts. */
function dedupe(vms: readonly ObservedVm[]): Map<string, ObservedVm> {
  return new Map(vms.map((vm) => [vm.id, vm]));
}
