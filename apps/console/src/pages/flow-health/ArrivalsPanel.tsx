import type { FlowHealth } from '@hypervigil/contract';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';

const BarChart = lazy(async () => ({ default: (await import('../../ui/BarChart.tsx')).BarChart }));
const HEIGHT = 150;
const MINUTE_MS = 60_000;

type Minute = FlowHealth['minutes'][number];

/** What came each minute of the last hour, and what is told to be lost; the table says the same. */
export function ArrivalsPanel({ minutes }: { readonly minutes: readonly Minute[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly Column<Minute>[]>(
    () => [
      {
        ...{ id: 'at', header: t('flowHealth.minute'), width: 110, sortable: false },
        text: ({ at }) => at,
        cell: ({ at }) => format.clock(at),
      },
      ...(['records', 'lost', 'unjudged'] as const).map(
        (id): Column<Minute> => ({
          ...{ id, header: t(`flowHealth.${id}`), width: 110, numeric: true, sortable: false },
          text: (minute) => String(minute[id]),
          cell: (minute) => format.count(minute[id]),
        }),
      ),
    ],
    [t, format],
  );
  const sum = (key: 'records' | 'lost') => minutes.reduce((total, minute) => total + minute[key], 0);
  const newest = useMemo(() => minutes.toReversed(), [minutes]);
  return (
    <Panel title={t('flowHealth.arrivals')} source={t('flowHealth.arrivalsSource')}>
      <figure className="hv-chart" style={{ minHeight: HEIGHT }}>
        <figcaption>
          <span className="hv-key hv-key--allow">
            {t('flowHealth.records')} {format.count(sum('records'))}
          </span>
          <span className="hv-key hv-key--deny">
            {t('flowHealth.lost')} {format.count(sum('lost'))}
          </span>
        </figcaption>
        <Suspense fallback={<div style={{ height: HEIGHT }} />}>
          <BarChart
            height={HEIGHT}
            bucketMs={MINUTE_MS}
            times={minutes.map(({ at }) => Date.parse(at))}
            lower={minutes.map(({ lost }) => lost)}
            upper={minutes.map(({ records }) => records)}
            lowerName={t('flowHealth.lost')}
            upperName={t('flowHealth.records')}
          />
        </Suspense>
      </figure>
      <DataTable
        label={t('flowHealth.arrivals')}
        columns={columns}
        rows={newest}
        rowId={({ at }) => at}
        rowName={({ at }) => format.clock(at)}
        maxHeight={200}
      />
    </Panel>
  );
}
