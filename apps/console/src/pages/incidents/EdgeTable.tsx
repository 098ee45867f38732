import { type IncidentGraph, SEVERITIES } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../ui/DataTable.tsx';
import { SeverityLabel } from '../../ui/labels.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';
import { useAlertText } from '../alerts/use-alert-text.ts';
import { useEntityName } from './use-entity-name.ts';

type Edge = IncidentGraph['edges'][number];
const idOf = ({ from, to }: Edge) => `${from} ${to}`;

interface Props {
  readonly graph: IncidentGraph;
  readonly selected: string | undefined;
}

/** The graph as a table: who does what to whom; of what is selected, only that. */
export function EdgeTable({ graph, selected }: Props) {
  const { t } = useTranslation();
  const common = useCommonColumns();
  const alertText = useAlertText();
  const nameOf = useEntityName();
  const names = useMemo(() => new Map(graph.nodes.map((node) => [node.id, nameOf(node)])), [graph.nodes, nameOf]);
  const columns = useMemo<readonly Column<Edge>[]>(() => {
    const end = (side: 'from' | 'to') => ({
      ...common.text<Edge>(side, { header: t(`incidents.${side}`), width: 140 }, (edge) => names.get(edge[side]) ?? ''),
      sortable: false,
    });
    return [
      end('from'),
      {
        ...common.text<Edge>('does', { header: t('incidents.does'), width: 180 }, ({ codes }) =>
          codes.map(alertText.title).join(', '),
        ),
        sortable: false,
      },
      end('to'),
      {
        ...{ id: 'severity', header: t('incidents.severity'), width: 100, sortable: false },
        text: ({ severity }) => t(`overview.severity.${severity}`),
        cell: ({ severity }) => <SeverityLabel severity={severity} />,
      },
    ];
  }, [t, common, alertText, names]);
  const shown = graph.edges
    .filter(({ from, to }) => selected === undefined || selected === from || selected === to)
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return (
    <DataTable
      label={t('incidents.graph')}
      columns={columns}
      rows={shown}
      rowId={idOf}
      rowName={({ from, to }) => `${names.get(from)} → ${names.get(to)}`}
      maxHeight={260}
    />
  );
}
