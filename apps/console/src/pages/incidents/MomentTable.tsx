import { languageOf, momentText } from '@hypervigil/contract';
import type { IncidentMoment } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../ui/DataTable.tsx';
import { AbsoluteTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';

const idOf = ({ alertIds, ...moment }: IncidentMoment) => `${JSON.stringify(moment)} ${alertIds[0]}`;

interface Props {
  readonly timeline: readonly IncidentMoment[];
  readonly names: ReadonlyMap<string, string>;
}

/** What happened, the oldest first. */
export function MomentTable({ timeline, names }: Props) {
  const { t, i18n } = useTranslation();
  const common = useCommonColumns();
  const language = languageOf(i18n.language);
  const columns = useMemo<readonly Column<IncidentMoment>[]>(
    () => [
      {
        ...{ id: 'at', header: t('incidents.at'), width: 170, sortable: false },
        text: ({ at }) => at,
        cell: ({ at }) => <AbsoluteTime at={at} />,
      },
      {
        ...common.text<IncidentMoment>('moment', { header: t('incidents.moment'), width: 260 }, (moment) =>
          momentText(language, moment),
        ),
        sortable: false,
      },
      {
        ...common.text<IncidentMoment>('alerts', { header: t('incidents.ofAlerts'), width: 220 }, ({ alertIds }) =>
          alertIds.map((id) => names.get(id) ?? id).join(', '),
        ),
        sortable: false,
      },
    ],
    [t, common, language, names],
  );
  return (
    <DataTable
      label={t('incidents.timeline')}
      columns={columns}
      rows={timeline}
      rowId={idOf}
      rowName={(moment) => momentText(language, moment)}
      maxHeight={360}
    />
  );
}
