import type { Protection, Vm } from '@hypervigil/model';

/** Worst first: what a person must do something about comes before what is fine. */
const WORST: readonly Protection[] = [
  'not-on-switch',
  'no-network',
  'no-address',
  'no-tenant',
  'pending',
  'off',
  'enforced',
];

/** A VM is as protected as the least protected of its vNICs. */
export function vmProtection(vm: Pick<Vm, 'vnics'>): Protection | 'none' {
  return WORST.find((state) => vm.vnics.some((nic) => nic.protection === state)) ?? 'none';
}

const UNPROTECTED: ReadonlySet<Protection | 'none'> = new Set([
  'not-on-switch',
  'no-network',
  'no-address',
  'no-tenant',
]);
export const isUnprotected = (vm: Pick<Vm, 'vnics'>) => UNPROTECTED.has(vmProtection(vm));

export const vmAddresses = (vm: Pick<Vm, 'vnics'>): readonly string[] =>
  vm.vnics.flatMap((nic) => [...nic.ipv4, ...nic.ipv6]);

/** Every text by which people know a VM, lower case. */
export const vmHaystack = (vm: Vm): string =>
  [vm.name, vm.id, ...vm.vnics.flatMap((nic) => [nic.mac, ...nic.ipv4, ...nic.ipv6]), ...tagTexts(vm.tags)]
    .join('\n')
    .toLowerCase();

export const tagTexts = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
