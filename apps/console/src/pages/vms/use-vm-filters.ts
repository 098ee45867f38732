import { type Vm, VmState } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { vmProtection } from '../../data/vm-view.ts';
import type { FilterChip } from '../../ui/FilterChips.tsx';
import type { Choice } from '../../ui/FilterSelect.tsx';
import type { VmProtection } from '../../ui/labels.tsx';
import { useUrl } from '../../ui/use-url.ts';

interface FilterField {
  readonly key: string;
  readonly label: string;
  readonly choices: readonly Choice[];
}

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

/** The filters of the VM list with how many VMs each value has; values that no VM has are left out. */
export function useVmFilters(vms: readonly Vm[]): { fields: readonly FilterField[]; chips: readonly FilterChip[] } {
  const { t } = useTranslation();
  const [url] = useUrl();
  const hosts = useCollection('hosts');
  const tenants = useCollection('tenants');
  const networks = useCollection('networks');
  const states = countBy(vms, (vm) => vm.state);
  const protections = countBy(vms, vmProtection);
  const named = (items: readonly { id: string; name: string }[]) =>
    items.map(({ id, name }) => ({ value: id, label: name }));
  const fields: FilterField[] = [
    {
      key: 'state',
      label: t('vms.stateFilter'),
      choices: VmState.options
        .filter((state) => states.has(state))
        .map((state) => ({ value: state, label: t(`vms.states.${state}`), count: states.get(state) })),
    },
    {
      key: 'protection',
      label: t('vms.protectionFilter'),
      choices: PROTECTIONS.filter((state) => protections.has(state)).map((state) => ({
        value: state,
        label: t(`vms.protections.${state}`),
        count: protections.get(state),
      })),
    },
    { key: 'host', label: t('vms.host'), choices: named(hosts.items) },
    { key: 'network', label: t('vms.network'), choices: named(networks.items) },
  ];
  const tenantField = { key: 'tenant', label: t('vms.tenant'), choices: named(tenants.items) };
  const chips = [...fields, tenantField].flatMap(({ key, label, choices }) => {
    const value = url[key];
    if (!value) return [];
    return [{ key, name: label, value: choices.find((choice) => choice.value === value)?.label ?? value }];
  });
  return { fields, chips };
}
