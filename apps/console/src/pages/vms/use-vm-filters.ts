import { type Vm, VmState } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { vmProtection } from '../../data/vm-view.ts';
import type { VmProtection } from '../../ui/labels.tsx';
import { type ChoiceFilter, useTenantFilter } from '../../ui/use-narrowed.tsx';

const PROTECTIONS: readonly VmProtection[] = [
  'enforced',
  'pending',
  'not-on-switch',
  'no-network',
  'no-address',
  'no-tenant',
  'off',
  'none',
];

const countBy = <T>(items: readonly T[], keyOf: (item: T) => string) => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
};

const named = (items: readonly { readonly id: string; readonly name: string }[]) =>
  items.map(({ id, name }) => ({ value: id, label: name }));

/** The filters of the VM list with how many VMs each value has; values that no VM has are left out. */
export function useVmFilters(vms: readonly Vm[]): readonly ChoiceFilter<Vm>[] {
  const { t } = useTranslation();
  const hosts = useCollection('hosts').items;
  const networks = useCollection('networks').items;
  const ofTenant = useTenantFilter();
  return useMemo(() => {
    const states = countBy(vms, (vm) => vm.state);
    const protections = countBy(vms, vmProtection);
    return [
      {
        key: 'state',
        label: t('vms.stateFilter'),
        choices: VmState.options
          .filter((state) => states.has(state))
          .map((state) => ({ value: state, label: t(`vms.states.${state}`), count: states.get(state) })),
        fits: ({ state }, value) => state === value,
      },
      {
        key: 'protection',
        label: t('vms.protectionFilter'),
        choices: PROTECTIONS.filter((state) => protections.has(state)).map((state) => ({
          value: state,
          label: t(`vms.protections.${state}`),
          count: protections.get(state),
        })),
        fits: (vm, value) => vmProtection(vm) === value,
      },
      { key: 'host', label: t('vms.host'), choices: named(hosts), fits: ({ hostId }, value) => hostId === value },
      {
        key: 'network',
        label: t('vms.network'),
        choices: named(networks),
        fits: ({ vnics }, value) => vnics.some(({ networkId }) => networkId === value),
      },
      ofTenant,
    ];
  }, [t, vms, hosts, networks, ofTenant]);
}
