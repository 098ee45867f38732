import type { Vm } from '@hypervigil/model';
import { Button } from '@patternfly/react-core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { tagTexts, vmAddresses, vmProtection } from '../../data/vm-view.ts';
import { Facts } from '../../ui/Facts.tsx';
import { ProtectionLabel, VmStateLabel } from '../../ui/labels.tsx';
import { HostLink } from '../../ui/links.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { VmActions } from './VmActions.tsx';

const MIB = 1024 * 1024;

/** A VM in a drawer: what it is, where, whose, how protected, and the ways on. */
export function VmSummary({ vm }: { readonly vm: Vm }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const tenants = useCollection('tenants');
  const networks = useCollection('networks');
  const tags = tagTexts(vm.tags);
  return (
    <>
      <div className="hv-row">
        <Button variant="secondary" onClick={() => void navigate({ to: '/vms/$id', params: { id: vm.id } })}>
          {t('common.openPage')}
        </Button>
        <VmActions vm={vm} compact />
      </div>
      <Facts
        narrow
        facts={[
          { name: t('common.state'), value: <VmStateLabel state={vm.state} /> },
          { name: t('vms.protection'), value: <ProtectionLabel protection={vmProtection(vm)} /> },
          { name: t('vms.tenant'), value: <TenantTag tenant={tenants.byId.get(vm.tenantId ?? '')} /> },
          { name: t('vms.host'), value: <HostLink id={vm.hostId} /> },
          {
            name: t('vms.network'),
            value: [...new Set(vm.vnics.map((nic) => networks.byId.get(nic.networkId ?? '')?.name ?? '–'))].join(
              ', ',
            ) || <Dash />,
          },
          {
            name: t('vms.addresses'),
            value: vmAddresses(vm).map((ip) => (
              <div key={ip}>
                <Mono>{ip}</Mono>
              </div>
            )),
          },
          {
            name: t('vms.mac'),
            value: vm.vnics.map((nic) => (
              <div key={nic.id}>
                <Mono>{nic.mac}</Mono>
              </div>
            )),
          },
          { name: t('vms.vcpus'), value: format.count(vm.vcpus) },
          { name: t('vms.memory'), value: format.bytes(vm.memoryMiB * MIB) },
          {
            name: t('vms.tags'),
            value:
              tags.length === 0 ? (
                <Dash />
              ) : (
                tags.map((tag) => (
                  <span key={tag} className="hv-tag">
                    {tag}
                  </span>
                ))
              ),
          },
          { name: t('vms.changed'), value: <RelativeTime at={vm.changedAt} /> },
          { name: t('vms.uuid'), value: <Mono>{vm.id}</Mono> },
        ]}
      />
    </>
  );
}
