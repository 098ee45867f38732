import type { SeenMirror, VmLimits } from '@hypervigil/contract';
import type { Alert, Capture, Id, Task, Vm } from '@hypervigil/model';
import { cutForTenant } from '@hypervigil/notify';
import type { Access } from './access.ts';

/** In place of the host that saw or did something: where VMs run is the provider's. */
export const NO_HOST: Id = '00000000-0000-0000-0000-000000000000';

/** Whether a person is the provider's. */
export const isProviders = ({ person }: Access): boolean => person.tenantId === null;

/**
 * A VM as its tenant sees it. Where it runs, and on which port, is the provider's: who knows which VMs share a host knows
 * whom to attack from beside (paper 003, table 1).
 */
export const cutVm =
  (access: Access) =>
  (vm: Vm): Vm =>
    isProviders(access)
      ? vm
      : { ...vm, hostId: null, vnics: vm.vnics.map((vnic) => ({ ...vnic, device: null, ofport: null })) };

/** Likewise a task; of a migration, not even where to. */
export const cutTask =
  (access: Access) =>
  (task: Task): Task =>
    isProviders(access) ? task : { ...task, hostId: null, params: {} };

/** An alert as its tenant sees it. */
export const cutAlert =
  ({ person }: Access) =>
  <A extends Alert>(alert: A): A =>
    person.tenantId === null ? alert : cutForTenant(alert, person.tenantId);

/** Likewise what limits dropped: not on which host. */
export const cutLimits =
  (access: Access) =>
  (limits: VmLimits): VmLimits =>
    isProviders(access)
      ? limits
      : { ...limits, drops: limits.drops.map((drop) => ({ ...drop, hostId: NO_HOST, hostName: 'provider' })) };

/** Likewise what hosts say of mirrors and captures. */
export const cutMirror =
  (access: Access) =>
  (mirror: SeenMirror): SeenMirror =>
    isProviders(access) ? mirror : { ...mirror, hosts: mirror.hosts.map(withoutHost) };

export const cutCapture =
  (access: Access) =>
  (capture: Capture): Capture =>
    isProviders(access) ? capture : { ...capture, files: capture.files.map(withoutHost) };

const withoutHost = <T extends object>(row: T): T & { hostId: null; hostName: null } => ({
  ...row,
  hostId: null,
  hostName: null,
});

export const cutList = <T, L extends { readonly items: T[] }>(cut: (item: T) => T, list: L): L => ({
  ...list,
  items: list.items.map(cut),
});
