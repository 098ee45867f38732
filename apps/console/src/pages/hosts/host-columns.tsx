import type { Host } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { AlertIcon, AllowIcon, PendingIcon } from '../../ui/icons.tsx';
import { HostStateLabel, Status } from '../../ui/labels.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';

const MIB = 1024 * 1024;

/** Does the host enforce what it should? */
export function EnforcementLabel({ host }: { readonly host: Host }) {
  const { t } = useTranslation();
  if (host.applyError !== null)
    return (
      <Status tone="red" icon={AlertIcon}>
        {t('hosts.failed')}
      </Status>
    );
  if (host.appliedRevision < host.intentRevision)
    return (
      <Status tone="blue" icon={PendingIcon}>
        {t('hosts.behind', { applied: host.appliedRevision, intent: host.intentRevision })}
      </Status>
    );
  return (
    <Status tone="green" icon={AllowIcon}>
      {t('hosts.current')}
    </Status>
  );
}

export function HealthLabel({ host }: { readonly host: Host }) {
  const { t } = useTranslation();
  const bad = host.health.filter((item) => !item.ok);
  if (host.health.length === 0) return <span className="hv-muted">{t('common.unknown')}</span>;
  if (bad.length === 0)
    return (
      <Status tone="green" icon={AllowIcon}>
        {t('hosts.healthy')}
      </Status>
    );
  return (
    <Status tone="red" icon={AlertIcon}>
      {bad.map((item) => t(`hosts.checks.${item.name}`)).join(', ')}
    </Status>
  );
}

export function useHostColumns(): readonly Column<Host>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('common.name'),
        width: 120,
        text: (host) => host.name,
        cell: (host) => (
          <Link to="/hosts/$id" params={{ id: host.id }}>
            {host.name}
          </Link>
        ),
      },
      {
        id: 'state',
        header: t('common.state'),
        width: 120,
        text: (host) => t(`hosts.states.${host.state}`),
        cell: (host) => <HostStateLabel state={host.state} />,
      },
      {
        id: 'enforcement',
        header: t('hosts.enforcement'),
        width: 130,
        text: (host) => `${host.appliedRevision}/${host.intentRevision}`,
        cell: (host) => <EnforcementLabel host={host} />,
      },
      {
        id: 'health',
        header: t('hosts.health'),
        width: 120,
        from: 'md',
        text: (host) =>
          host.health
            .filter((i) => !i.ok)
            .map((i) => i.name)
            .join(' '),
        cell: (host) => <HealthLabel host={host} />,
      },
      {
        id: 'vms',
        header: t('hosts.vms'),
        width: 60,
        numeric: true,
        text: (host) => String(host.vms),
        sort: (host) => host.vms,
        cell: (host) => format.count(host.vms),
      },
      {
        id: 'cpus',
        header: t('hosts.cpus'),
        width: 60,
        numeric: true,
        from: 'lg',
        text: (host) => String(host.facts?.cpus ?? ''),
        sort: (host) => host.facts?.cpus ?? 0,
        cell: (host) => (host.facts === null ? '–' : format.count(host.facts.cpus)),
      },
      {
        id: 'memory',
        header: t('hosts.memory'),
        width: 80,
        numeric: true,
        from: 'lg',
        text: (host) => String((host.facts?.memoryMiB ?? 0) * MIB),
        sort: (host) => host.facts?.memoryMiB ?? 0,
        cell: (host) => (host.facts === null ? '–' : format.bytes(host.facts.memoryMiB * MIB)),
      },
      {
        id: 'hypervisor',
        header: t('hosts.hypervisor'),
        width: 110,
        from: 'lg',
        text: (host) => host.facts?.hypervisor ?? '',
        cell: (host) => host.facts?.hypervisor || '–',
      },
      {
        id: 'ovs',
        header: t('hosts.ovs'),
        width: 90,
        from: 'xl',
        text: (host) => host.facts?.ovs ?? '',
        cell: (host) => host.facts?.ovs || '–',
      },
      {
        id: 'engine',
        header: t('hosts.engine'),
        width: 80,
        from: 'xl',
        text: (host) => host.facts?.engine ?? '',
        cell: (host) => host.facts?.engine || '–',
      },
      {
        id: 'seen',
        header: t('hosts.lastSeen'),
        width: 110,
        from: 'md',
        text: (host) => host.lastSeenAt ?? '',
        cell: (host) => <RelativeTime at={host.lastSeenAt} />,
      },
      {
        id: 'kernel',
        header: t('hosts.kernel'),
        width: 140,
        extra: true,
        text: (host) => host.facts?.kernel ?? '',
        cell: (host) => host.facts?.kernel || '–',
      },
    ],
    [t, format],
  );
}
