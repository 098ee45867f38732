import { firewallText, languageOf } from '@hypervigil/contract';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedFirewall } from '../../data/host-firewalls.ts';
import { WarningIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { FirewallStateLabel, firewallState } from './FirewallState.tsx';

export function useFirewallColumns(): readonly Column<ListedFirewall>[] {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const problem = ({ status }: ListedFirewall) =>
      status?.problem == null ? '' : firewallText(languageOf(i18n.language), status.problem);
    const source = ({ inherited }: ListedFirewall) =>
      inherited ? t('hostFirewall.fromDefault') : t('hostFirewall.ofItsOwn');
    return [
      {
        id: 'name',
        header: t('nav.hosts'),
        width: 120,
        text: (f) => f.hostName,
        cell: (f) => (
          <Link to="/host-firewalls/$id" params={{ id: f.hostId }}>
            {f.hostName}
          </Link>
        ),
      },
      {
        id: 'state',
        header: t('common.state'),
        width: 190,
        text: (f) => t(`hostFirewall.states.${firewallState(f)}`),
        cell: (f) => <FirewallStateLabel firewall={f} />,
      },
      { id: 'source', header: t('hostFirewall.source'), width: 110, text: source, cell: source },
      {
        id: 'problem',
        header: t('hostFirewall.problem'),
        width: 200,
        from: 'md',
        text: problem,
        cell: (f) => (problem(f) === '' ? '–' : <span title={problem(f)}>{problem(f)}</span>),
      },
      {
        id: 'unknown',
        header: t('hostFirewall.unknown'),
        width: 175,
        numeric: true,
        text: (f) => String(f.status?.unknown.length ?? ''),
        sort: (f) => f.status?.unknown.length ?? -1,
        cell: ({ status }) =>
          status === null || status.unknown.length === 0 ? (
            format.count(0)
          ) : (
            <Status tone="orange" icon={WarningIcon}>
              {format.count(status.unknown.length)}
            </Status>
          ),
      },
      {
        id: 'repairs',
        header: t('hostFirewall.repairs'),
        width: 90,
        numeric: true,
        from: 'lg',
        text: (f) => String(f.status?.repairs ?? ''),
        sort: (f) => f.status?.repairs ?? -1,
        cell: ({ status }) => format.count(status?.repairs ?? 0),
      },
      {
        id: 'revision',
        header: t('hostFirewall.revision'),
        width: 90,
        numeric: true,
        extra: true,
        text: (f) => String(f.revision),
        sort: (f) => f.revision,
        cell: (f) => format.count(f.revision),
      },
      {
        id: 'changed',
        header: t('hostFirewall.changed'),
        width: 110,
        from: 'md',
        text: (f) => f.changedAt ?? '',
        cell: (f) => <RelativeTime at={f.changedAt} />,
      },
    ];
  }, [t, i18n.language, format]);
}
