import type { Flow, Vm } from '@hypervigil/model';
import { Link, useParams } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NotFound } from '../../app/NotFound.tsx';
import { flowQueryOf } from '../../data/flow-filter.ts';
import { groupMembers, readGroups } from '../../data/group-members.ts';
import { useCollection, useReading } from '../../data/queries.ts';
import { tagTexts, vmProtection } from '../../data/vm-view.ts';
import { DrawerLayout } from '../../ui/DrawerLayout.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { ProtectionLabel, QuarantineLabel, VmStateLabel } from '../../ui/labels.tsx';
import { HostLink } from '../../ui/links.tsx';
import { May } from '../../ui/May.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { AbsoluteTime, RelativeTime } from '../../ui/RelativeTime.tsx';
import { TabLinks } from '../../ui/TabLinks.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { FlowDetail } from '../flows/FlowDetail.tsx';
import { FlowChips, FlowFilters } from '../flows/FlowFilters.tsx';
import { FlowHistogram } from '../flows/FlowHistogram.tsx';
import { FlowTable } from '../flows/FlowTable.tsx';
import { TaskTable } from '../tasks/TaskTable.tsx';
import { VmBehaviour } from './behaviour/VmBehaviour.tsx';
import { QuarantineBanner } from './QuarantineBanner.tsx';
import { VmActions } from './VmActions.tsx';
import { VnicCard } from './VnicCard.tsx';

const TABS = ['overview', 'flows', 'behaviour', 'tasks'] as const;

export function VmPage() {
  const { id } = useParams({ strict: false });
  const vms = useCollection('vms');
  const vm = vms.byId.get(id ?? '');
  const reading = useReading('vms');
  if (vm !== undefined) return <VmDetails vm={vm} />;
  if (reading || vms.error !== null)
    return (
      <ListFrame {...vms} loading={reading} empty={false}>
        {null}
      </ListFrame>
    );
  return <NotFound />;
}

function VmDetails({ vm }: { readonly vm: Vm }) {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const tenants = useCollection('tenants');
  const tab = TABS.find((one) => one === url['tab']) ?? 'overview';
  return (
    <PageFrame
      fill={tab === 'flows'}
      title={vm.name}
      parent={{ to: '/vms', label: t('vms.title') }}
      beside={
        <>
          <VmStateLabel state={vm.state} />
          {vm.quarantine !== null && <QuarantineLabel />}
          <TenantTag tenant={tenants.byId.get(vm.tenantId ?? '')} />
          <ProtectionLabel protection={vmProtection(vm)} />
        </>
      }
      actions={
        <>
          <Link className="hv-quiet-link" to="/map" search={{ vm: vm.id }}>
            {t('vms.seeOnMap')}
          </Link>
          <May permission="policy:analyse">
            <Link className="hv-quiet-link" to="/reach" search={{ from: `vm:${vm.id}` }}>
              {t('reach.fromVm')}
            </Link>
            <Link className="hv-quiet-link" to="/reach" search={{ to: `vm:${vm.id}` }}>
              {t('reach.toVm')}
            </Link>
          </May>
          <VmActions vm={vm} />
        </>
      }
    >
      <TabLinks
        label={vm.name}
        current={tab}
        tabs={TABS.map((id) => ({ id, name: t(`vms.${id}`) }))}
        onChoose={(id) => patch({ tab: id === 'overview' ? undefined : id, measure: undefined })}
      />
      {vm.quarantine !== null && <QuarantineBanner quarantine={vm.quarantine} />}
      {tab === 'overview' && <VmOverview vm={vm} />}
      {tab === 'flows' && <VmFlows vm={vm} />}
      {tab === 'behaviour' && <VmBehaviour vmId={vm.id} />}
      {tab === 'tasks' && (
        <Panel flush title={t('vms.tasks')}>
          <TaskTable filter={(task) => task.vmId === vm.id} />
        </Panel>
      )}
    </PageFrame>
  );
}

function VmOverview({ vm }: { readonly vm: Vm }) {
  const { t } = useTranslation();
  const format = useFormat();
  const groups = useCollection('groups').items;
  const mine = useMemo(() => {
    const read = readGroups(groups);
    return groups.filter((group) => groupMembers(read, group.id, [vm]).length > 0);
  }, [groups, vm]);
  const tags = tagTexts(vm.tags);
  return (
    <div className="hv-stack">
      <div className="hv-grid">
        {vm.vnics.map((nic) => (
          <VnicCard key={nic.id} nic={nic} />
        ))}
        <Panel
          title={t('vms.placement')}
          source={
            <>
              {t('hosts.reported')} · <RelativeTime at={vm.changedAt} />
            </>
          }
        >
          <Facts
            narrow
            facts={[
              { name: t('vms.host'), value: <HostLink id={vm.hostId} /> },
              { name: t('vms.vcpus'), value: format.count(vm.vcpus) },
              { name: t('vms.memory'), value: format.bytes(vm.memoryMiB * 1024 * 1024) },
              { name: t('vms.hypervisor'), value: vm.hypervisor },
              { name: t('vms.firstSeen'), value: <AbsoluteTime at={vm.firstSeenAt} /> },
              { name: t('vms.changed'), value: <AbsoluteTime at={vm.changedAt} /> },
              { name: t('vms.uuid'), value: <Mono>{vm.id}</Mono> },
            ]}
          />
        </Panel>
        <Panel title={t('vms.groups')}>
          {mine.length === 0 ? (
            <p className="hv-muted">{t('vms.noGroups')}</p>
          ) : (
            <ul className="hv-plain-list">
              {mine.map((group) => (
                <li key={group.id}>
                  <Link to="/groups" search={{ id: group.id }}>
                    {group.name}
                  </Link>
                  <span className="hv-muted">{group.description}</span>
                </li>
              ))}
            </ul>
          )}
          <h3 className="hv-subhead">{t('vms.tags')}</h3>
          {tags.length === 0 ? (
            <Dash />
          ) : (
            tags.map((tag) => (
              <span key={tag} className="hv-tag">
                {tag}
              </span>
            ))
          )}
        </Panel>
      </div>
      <Panel title={t('overview.traffic')}>
        <FlowHistogram query={{ vmId: vm.id, window: 3600 }} height={120} />
      </Panel>
    </div>
  );
}

function VmFlows({ vm }: { readonly vm: Vm }) {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const [open, setOpen] = useState<Flow>();
  const close = useCallback(() => setOpen(undefined), []);
  // On this page a VM that is searched for is the other end.
  const query = useMemo(() => {
    const peer = url['peer'] ?? (url['vm'] === vm.id ? undefined : url['vm']);
    return {
      ...flowQueryOf({ ...url, tenant: undefined }),
      vmId: vm.id,
      ...(peer === undefined ? {} : { peerVmId: peer }),
    };
  }, [url, vm.id]);
  return (
    <DrawerLayout
      open={open !== undefined}
      title={t('flows.detail')}
      label={t('common.details')}
      onClose={close}
      panel={open !== undefined && <FlowDetail flow={open} />}
    >
      <FlowTable
        query={query}
        toolbar={<FlowFilters />}
        chips={<FlowChips except={['tenant']} />}
        between={<FlowHistogram query={query} onBrush={(from, to) => patch({ from, to })} />}
        activeId={open?.id}
        onActivate={(flow) => setOpen(flow.id === open?.id ? undefined : flow)}
      />
    </DrawerLayout>
  );
}
