import type { Host, Vm, VmAction } from '@hypervigil/model';
import { vmCan } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { useOwnTenant } from '../../data/rights.ts';
import { useToasts } from '../../ui/toast.tsx';

const CALLS = {
  start: platform.startVm,
  shutdown: platform.shutdownVm,
  stop: platform.stopVm,
  reboot: platform.rebootVm,
} as const satisfies Record<Exclude<VmAction, 'migrate'>, unknown>;

/** Other connected hosts: where a VM can go. */
export const migrationTargets = (vm: Vm, hosts: readonly Host[]) =>
  hosts.filter((host) => host.state === 'online' && host.id !== vm.hostId);

/** What can be asked of a VM, and why not: the same table by which the platform refuses. */
export function useVmActions() {
  const { t } = useTranslation();
  const toasts = useToasts();
  const hosts = useCollection('hosts');
  const isOfTenant = useOwnTenant() !== null;

  const reason = (action: VmAction, vm: Vm): string | undefined => {
    if (!vmCan(action, vm.state)) return t('vms.notInState', { state: t(`vms.states.${vm.state}`) });
    // Where a VM runs is told to the provider's people alone; the platform knows.
    if (isOfTenant) return undefined;
    if (vm.hostId === null) return t('vms.noHost');
    if (hosts.byId.get(vm.hostId)?.state !== 'online') return t('vms.hostOffline');
    if (action === 'migrate' && migrationTargets(vm, hosts.items).length === 0) return t('vms.noTarget');
    return undefined;
  };
  const told = (action: VmAction, vm: Vm, answer: Promise<unknown>) =>
    answer.then(
      () =>
        toasts.done(t('vms.requested', { action: t(`vms.action.${action}`), name: vm.name }), t('vms.requestedHelp')),
      (error: unknown) => toasts.failed(error),
    );
  return {
    reason,
    run: (action: Exclude<VmAction, 'migrate'>, vm: Vm) => told(action, vm, CALLS[action]({ params: { id: vm.id } })),
    migrate: (vm: Vm, toHostId: string) =>
      told('migrate', vm, platform.migrateVm({ params: { id: vm.id }, body: { toHostId } })),
  };
}
