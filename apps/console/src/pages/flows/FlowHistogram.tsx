import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { type FlowQuery, flowSeriesOptions } from '../../data/queries.ts';
import { useFormat } from '../../ui/use-format.ts';

const BarChart = lazy(async () => ({ default: (await import('../../ui/BarChart.tsx')).BarChart }));

interface Props {
  readonly query: FlowQuery;
  readonly height?: number;
  readonly buckets?: number;
  readonly onBrush?: (from: string, to: string) => void;
}

/** Connections over time by verdict. Its table twin is the flow list, which shows the same connections. */
export function FlowHistogram({ query, height = 96, buckets = 60, onBrush }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const series = useQuery(flowSeriesOptions(query, buckets));
  const points = series.data?.points ?? [];
  const sum = (key: 'allowFlows' | 'denyFlows') => points.reduce((total, point) => total + point[key], 0);
  return (
    <figure className="hv-chart" style={{ minHeight: height }}>
      <figcaption>
        <span className="hv-chart__title">{t('flows.histogram')}</span>
        <span className="hv-key hv-key--allow">
          {t('flows.allow')} {format.count(sum('allowFlows'))}
        </span>
        <span className="hv-key hv-key--deny">
          {t('flows.deny')} {format.count(sum('denyFlows'))}
        </span>
        {onBrush !== undefined && <span className="hv-muted hv-wide-only">{t('flows.histogramHelp')}</span>}
      </figcaption>
      <Suspense fallback={<div style={{ height }} />}>
        {series.data !== undefined && (
          <BarChart
            height={height}
            bucketMs={series.data.bucketMs}
            times={points.map((point) => Date.parse(point.at))}
            lower={points.map((point) => point.denyFlows)}
            upper={points.map((point) => point.allowFlows)}
            lowerName={t('flows.deny')}
            upperName={t('flows.allow')}
            {...(onBrush === undefined ? {} : { onBrush })}
          />
        )}
      </Suspense>
    </figure>
  );
}
