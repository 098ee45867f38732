import type { Host } from '@hypervigil/model';
import { Alert } from '@patternfly/react-core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NotFound } from '../../app/NotFound.tsx';
import { platform } from '../../data/client.ts';
import { useCollection, useReading } from '../../data/queries.ts';
import { findingText } from '../../i18n/codes.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { AlertIcon, AllowIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { HostStateLabel, Status } from '../../ui/labels.tsx';
import { LinkButton } from '../../ui/links.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { AbsoluteTime, RelativeTime } from '../../ui/RelativeTime.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { TaskTable } from '../tasks/TaskTable.tsx';
import { useVmColumns } from '../vms/vm-columns.tsx';
import { EnforcementLabel } from './host-columns.tsx';
import { RevokeDialog } from './RevokeDialog.tsx';

export function HostPage() {
  const { id } = useParams({ strict: false });
  const hosts = useCollection('hosts');
  const host = hosts.byId.get(id ?? '');
  const reading = useReading('hosts');
  if (host !== undefined) return <HostDetails host={host} />;
  if (reading || hosts.error !== null)
    return (
      <ListFrame {...hosts} loading={reading} empty={false}>
        {null}
      </ListFrame>
    );
  return <NotFound />;
}

function HostDetails({ host }: { readonly host: Host }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const navigate = useNavigate();
  const [revoking, setRevoking] = useState(false);
  const allVms = useCollection('vms').items;
  const vms = useMemo(() => allVms.filter((vm) => vm.hostId === host.id), [allVms, host.id]);
  const vmColumns = useVmColumns().filter(({ id }) =>
    ['name', 'state', 'tenant', 'addresses', 'protection'].includes(id),
  );
  const sync = () =>
    platform.syncHost({ params: { id: host.id } }).then(
      () => toasts.done(t('hosts.synced')),
      (error: unknown) => toasts.failed(error),
    );
  return (
    <PageFrame
      title={host.name}
      parent={{ to: '/hosts', label: t('hosts.title') }}
      beside={<HostStateLabel state={host.state} />}
      actions={
        <>
          <LinkButton to="/host-firewalls/$id" params={{ id: host.id }}>
            {t('hosts.checks.firewall')}
          </LinkButton>
          <ActionMenu
            permission="host:administer"
            label={t('common.actions')}
            text={t('common.actions')}
            actions={[
              {
                label: t('hosts.sync'),
                onSelect: () => void sync(),
                disabledReason: host.state === 'online' ? undefined : t('hosts.syncOffline'),
              },
              {
                label: t('hosts.revoke'),
                danger: true,
                onSelect: () => setRevoking(true),
                disabledReason: host.state === 'revoked' ? t('hosts.alreadyRevoked') : undefined,
              },
            ]}
          />
        </>
      }
    >
      {host.applyError !== null && (
        <Alert isInline variant="danger" title={t('hosts.failed')} className="hv-error">
          <code>{host.applyError}</code>
        </Alert>
      )}
      <div className="hv-grid">
        <Panel title={t('hosts.enforcement')} source={<Reported host={host} />}>
          <Facts
            narrow
            facts={[
              { name: t('common.state'), value: <EnforcementLabel host={host} /> },
              { name: t('hosts.intended'), value: host.intentRevision },
              { name: t('hosts.applied'), value: host.appliedRevision },
              { name: t('hosts.enrolledAt'), value: <AbsoluteTime at={host.enrolledAt} /> },
              { name: t('hosts.certificate'), value: <AbsoluteTime at={host.certificateExpiresAt} /> },
            ]}
          />
        </Panel>
        <HealthPanel host={host} />
        <FactsPanel host={host} />
      </div>
      <div className="hv-stack hv-below">
        <Panel
          flush
          title={t('hosts.vmsHere')}
          actions={<span className="hv-count">{t('table.count', { count: vms.length })}</span>}
        >
          <DataTable
            label={t('hosts.vmsHere')}
            columns={vmColumns}
            rows={vms}
            rowId={(vm) => vm.id}
            rowName={(vm) => vm.name}
            order={{ column: 'name', descending: false }}
            maxHeight={360}
            onActivate={(vm) => void navigate({ to: '/vms/$id', params: { id: vm.id } })}
          />
        </Panel>
        <Panel flush title={t('hosts.tasksHere')}>
          <TaskTable filter={(task) => task.hostId === host.id} />
        </Panel>
      </div>
      {revoking && <RevokeDialog host={host} onClose={() => setRevoking(false)} />}
    </PageFrame>
  );
}

function Reported({ host }: { readonly host: Host }) {
  const { t } = useTranslation();
  return (
    <>
      {t('hosts.reported')} · <RelativeTime at={host.lastSeenAt} />
    </>
  );
}

function HealthPanel({ host }: { readonly host: Host }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('hosts.health')} source={<Reported host={host} />}>
      {host.health.length === 0 ? (
        <p className="hv-muted">{t('hosts.noFacts')}</p>
      ) : (
        <Facts
          narrow
          facts={host.health.map((item) => ({
            name: t(`hosts.checks.${item.name}`),
            value: item.ok ? (
              <Status tone="green" icon={AllowIcon}>
                {findingText(t, item)}
              </Status>
            ) : (
              <Status tone="red" icon={AlertIcon}>
                {findingText(t, item)}
              </Status>
            ),
          }))}
        />
      )}
    </Panel>
  );
}

function FactsPanel({ host }: { readonly host: Host }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { facts } = host;
  const rows: Fact[] =
    facts === null
      ? []
      : [
          { name: t('hosts.hostname'), value: <Mono>{facts.hostname}</Mono> },
          { name: t('hosts.arch'), value: facts.arch },
          { name: t('hosts.cpus'), value: format.count(facts.cpus) },
          { name: t('hosts.memory'), value: format.bytes(facts.memoryMiB * 1024 * 1024) },
          { name: t('hosts.kernel'), value: facts.kernel },
          { name: t('hosts.hypervisor'), value: facts.hypervisor },
          { name: t('hosts.libvirt'), value: facts.libvirt },
          { name: t('hosts.ovs'), value: facts.ovs ?? '–' },
          { name: t('hosts.engine'), value: facts.engine },
        ];
  return (
    <Panel title={t('hosts.facts')} source={<Reported host={host} />}>
      {facts === null ? <p className="hv-muted">{t('hosts.noFacts')}</p> : <Facts narrow facts={rows} />}
    </Panel>
  );
}
