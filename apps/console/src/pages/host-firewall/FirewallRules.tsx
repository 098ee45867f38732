import type { HostFirewallPolicy, HostFirewallRule, HostFirewallStatus } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { writeHostService } from '../../data/firewall-edit.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { ActionLabel } from '../../ui/labels.tsx';
import { Panel } from '../../ui/Panel.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useColumns } from '../../ui/use-columns.ts';
import { useFormat } from '../../ui/use-format.ts';

interface Row extends Pick<HostFirewallRule, 'direction' | 'action' | 'services' | 'peers' | 'comment'> {
  /** Its place, or `in` and `out` for what holds when no rule has matched. */
  readonly id: string;
  readonly packets: number | undefined;
}

interface Props {
  readonly policy: HostFirewallPolicy;
  readonly status: HostFirewallStatus | null;
}

/** The rules in their order with what each matched, and at the end what decides when none of them has. */
export function FirewallRules({ policy, status }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = useMemo((): readonly Row[] => {
    const otherwise = { services: [], peers: [], comment: '' };
    return [
      ...policy.rules.map((rule, n) => ({ ...rule, id: String(n + 1), packets: status?.rules[n]?.packets })),
      { ...otherwise, id: 'in', direction: 'in', action: policy.inbound, packets: status?.inbound?.packets },
      { ...otherwise, id: 'out', direction: 'out', action: policy.outbound, packets: status?.outbound?.packets },
    ];
  }, [policy, status]);
  const columns = useMemo((): readonly Column<Row>[] => {
    const isRule = (row: Row) => row.id !== row.direction;
    const peers = (row: Row) => (row.peers.length === 0 ? t('common.anyone') : row.peers.join(', '));
    const services = (row: Row) => row.services.map(writeHostService);
    return [
      {
        id: 'n',
        header: '#',
        width: 48,
        sortable: false,
        text: (row) => row.id,
        cell: (row) => <span className="hv-muted">{isRule(row) ? row.id : ''}</span>,
      },
      {
        id: 'direction',
        header: t('hostFirewall.direction'),
        width: 84,
        sortable: false,
        text: (row) => t(`hostFirewall.directions.${row.direction}`),
        cell: (row) => t(`hostFirewall.directions.${row.direction}`),
      },
      {
        id: 'action',
        header: t('policy.action'),
        width: 80,
        sortable: false,
        text: (row) => t(`policy.actions.${row.action}`),
        cell: (row) => <ActionLabel action={row.action} />,
      },
      {
        id: 'services',
        header: t('policy.services'),
        width: 180,
        sortable: false,
        text: (row) => services(row).join(' '),
        cell: (row) =>
          row.services.length === 0 ? (
            <span className="hv-muted">{isRule(row) ? t('policy.allServices') : t('hostFirewall.otherwise')}</span>
          ) : (
            <span className="hv-mono" title={services(row).join('\n')}>
              {services(row).join(' ')}
            </span>
          ),
      },
      {
        id: 'peers',
        header: t('hostFirewall.peers'),
        width: 100,
        sortable: false,
        text: peers,
        cell: (row) => (row.peers.length === 0 ? <span className="hv-anyone">{peers(row)}</span> : peers(row)),
      },
      {
        id: 'comment',
        header: t('policy.commentColumn'),
        width: 140,
        sortable: false,
        from: 'xl',
        text: (row) => row.comment,
        cell: (row) => <span title={row.comment}>{row.comment}</span>,
      },
      ...(status === null
        ? []
        : [
            {
              id: 'packets',
              header: t('hostFirewall.packets'),
              width: 80,
              sortable: false,
              numeric: true,
              text: (row: Row) => String(row.packets ?? ''),
              cell: (row: Row) => (row.packets === undefined ? '–' : format.count(row.packets)),
            },
          ]),
    ];
  }, [t, format, status]);
  const { shown } = useColumns('host-firewall-rules', columns);
  return (
    <Panel flush title={t('hostFirewall.rules')}>
      <DataTable
        label={t('hostFirewall.rules')}
        columns={shown}
        rows={rows}
        rowId={(row) => row.id}
        rowName={(row) => row.id}
        maxHeight={560}
      />
    </Panel>
  );
}
