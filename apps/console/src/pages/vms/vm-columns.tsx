import type { Host, Network, Tenant, Vm } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { tagTexts, vmAddresses, vmProtection } from '../../data/vm-view.ts';
import { ProtectionLabel, QuarantineLabel, VmStateLabel } from '../../ui/labels.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';

const MIB = 1024 * 1024;

export function useVmColumns(): readonly Column<Vm>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const hosts: ReadonlyMap<string, Host> = useCollection('hosts').byId;
  const tenants: ReadonlyMap<string, Tenant> = useCollection('tenants').byId;
  const networks: ReadonlyMap<string, Network> = useCollection('networks').byId;
  return useMemo(() => {
    const hostName = (vm: Vm) => hosts.get(vm.hostId ?? '')?.name ?? '';
    const tenantOf = (vm: Vm) => tenants.get(vm.tenantId ?? '');
    const networkNames = (vm: Vm) =>
      [...new Set(vm.vnics.map((nic) => networks.get(nic.networkId ?? '')?.name ?? ''))].filter(Boolean).join(', ');
    return [
      {
        id: 'name',
        header: t('common.name'),
        width: 128,
        text: (vm) => vm.name,
        cell: (vm) => (
          <Link to="/vms/$id" params={{ id: vm.id }}>
            {vm.name}
          </Link>
        ),
      },
      {
        id: 'state',
        header: t('common.state'),
        width: 120,
        text: (vm) => (vm.quarantine === null ? t(`vms.states.${vm.state}`) : t('vms.quarantined')),
        cell: (vm) => (vm.quarantine === null ? <VmStateLabel state={vm.state} /> : <QuarantineLabel />),
      },
      {
        id: 'tenant',
        header: t('vms.tenant'),
        width: 120,
        from: 'md',
        text: (vm) => tenantOf(vm)?.name ?? '',
        cell: (vm) => <TenantTag tenant={tenantOf(vm)} />,
      },
      {
        id: 'host',
        header: t('vms.host'),
        width: 100,
        from: 'md',
        text: hostName,
        cell: (vm) =>
          vm.hostId === null ? (
            <Dash />
          ) : (
            <Link to="/hosts/$id" params={{ id: vm.hostId }}>
              {hostName(vm)}
            </Link>
          ),
      },
      {
        id: 'addresses',
        header: t('vms.addresses'),
        width: 160,
        from: 'md',
        text: (vm) => vmAddresses(vm).join(' '),
        cell: (vm) => {
          const [first, ...rest] = vmAddresses(vm);
          if (first === undefined) return <Dash />;
          return (
            <span title={[first, ...rest].join('\n')}>
              <Mono>{first}</Mono> {rest.length > 0 && <span className="hv-muted">+{rest.length}</span>}
            </span>
          );
        },
      },
      {
        id: 'protection',
        header: t('vms.protection'),
        width: 118,
        text: (vm) => t(`vms.protections.${vmProtection(vm)}`),
        cell: (vm) => <ProtectionLabel protection={vmProtection(vm)} />,
      },
      { id: 'network', header: t('vms.network'), width: 110, from: 'lg', text: networkNames, cell: networkNames },
      {
        id: 'vcpus',
        header: t('vms.vcpus'),
        width: 80,
        numeric: true,
        from: 'xl',
        text: (vm) => String(vm.vcpus),
        sort: (vm) => vm.vcpus,
        cell: (vm) => format.count(vm.vcpus),
      },
      {
        id: 'memory',
        header: t('vms.memory'),
        width: 90,
        numeric: true,
        from: 'xl',
        text: (vm) => String(vm.memoryMiB * MIB),
        sort: (vm) => vm.memoryMiB,
        cell: (vm) => format.bytes(vm.memoryMiB * MIB),
      },
      {
        id: 'tags',
        header: t('vms.tags'),
        width: 150,
        from: 'xl',
        text: (vm) => tagTexts(vm.tags).join(' '),
        cell: (vm) =>
          tagTexts(vm.tags).map((tag) => (
            <span key={tag} className="hv-tag">
              {tag}
            </span>
          )),
      },
      {
        id: 'changed',
        header: t('vms.changed'),
        width: 110,
        extra: true,
        text: (vm) => vm.changedAt,
        cell: (vm) => <RelativeTime at={vm.changedAt} />,
      },
      {
        id: 'mac',
        header: t('vms.mac'),
        width: 150,
        extra: true,
        text: (vm) => vm.vnics.map((nic) => nic.mac).join(' '),
        cell: (vm) => <Mono>{vm.vnics.map((nic) => nic.mac).join(' ')}</Mono>,
      },
      {
        id: 'uuid',
        header: t('vms.uuid'),
        width: 280,
        extra: true,
        text: (vm) => vm.id,
        cell: (vm) => <Mono>{vm.id}</Mono>,
      },
    ];
  }, [t, format, hosts, tenants, networks]);
}
