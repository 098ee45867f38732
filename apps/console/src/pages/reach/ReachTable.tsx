import type { PolicyReach } from '@hypervigil/contract';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { packetText } from '../../data/analysis.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { VerdictLabel } from '../../ui/labels.tsx';
import { Mono } from '../../ui/Mono.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useColumns } from '../../ui/use-columns.ts';
import { DecidedBy } from './DecidedBy.tsx';
import { brief, endsOf } from './ends.ts';

interface Row {
  readonly part: PolicyReach;
  readonly index: number;
}
interface Props {
  readonly parts: readonly PolicyReach[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

/** Every part of the answer: traffic that one rule decides alike. The picture shows the chosen one. */
export function ReachTable({ parts, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const rows = useMemo(() => parts.map((part, index): Row => ({ part, index })), [parts]);
  const columns = useMemo((): readonly Column<Row>[] => {
    const fixed = { sortable: false } as const;
    const services = ({ part }: Row) => part.services.join(', ');
    const points = ({ part }: Row) => part.points.map((point) => t(`reach.points.${point}`)).join(', ');
    const ends = (side: 'from' | 'to') => (row: Row) => endsOf(row.part[side]).join(', ');
    return [
      {
        ...fixed,
        id: 'verdict',
        header: t('reach.verdict'),
        width: 90,
        text: ({ part }) => t(`flows.verdicts.${part.verdict}`),
        cell: ({ part }) => <VerdictLabel verdict={part.verdict} />,
      },
      ...(['from', 'to'] as const).map((side) => ({
        ...fixed,
        id: side,
        header: t(`policy.${side}`),
        width: 150,
        text: ends(side),
        cell: (row: Row) => <span title={ends(side)(row)}>{brief(endsOf(row.part[side]), row.part[side])}</span>,
      })),
      {
        ...fixed,
        id: 'services',
        header: t('policy.services'),
        width: 140,
        text: services,
        cell: (row) => (
          <span className="hv-mono" title={services(row)}>
            {services(row)}
          </span>
        ),
      },
      {
        ...fixed,
        id: 'rule',
        header: t('reach.rule'),
        width: 190,
        text: ({ part }) => part.rule?.name ?? '',
        cell: ({ part }) => <DecidedBy part={part} />,
      },
      { ...fixed, id: 'points', header: t('reach.point'), width: 150, from: 'lg', text: points, cell: points },
      {
        ...fixed,
        id: 'network',
        header: t('vms.network'),
        width: 110,
        from: 'lg',
        text: ({ part }) => part.network.name,
        cell: ({ part }) => part.network.name,
      },
      {
        ...fixed,
        id: 'packet',
        header: t('reach.packet'),
        width: 220,
        from: 'xl',
        text: ({ part }) => packetText(part.witness),
        cell: ({ part }) => <Mono>{packetText(part.witness)}</Mono>,
      },
    ];
  }, [t]);
  const { shown } = useColumns('reach', columns);
  return (
    <DataTable
      label={t('reach.parts')}
      columns={shown}
      rows={rows}
      rowId={({ index }) => String(index)}
      rowName={({ part }) => part.network.name}
      activeId={String(chosen)}
      onActivate={({ index }) => onChoose(index)}
      maxHeight={420}
    />
  );
}
