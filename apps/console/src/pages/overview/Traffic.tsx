import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { flowSeriesOptions } from '../../data/queries.ts';
import { Panel } from '../../ui/Panel.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { FlowHistogram } from '../flows/FlowHistogram.tsx';

const HOUR = 3600;
const SHORTER = [900, 1800] as const;
const BUCKETS = 60;

interface Series {
  readonly bucketMs: number;
  readonly points: readonly { readonly allowFlows: number; readonly denyFlows: number }[];
}

/** The last hour's connections; when all of them are younger, as in a new cloud, the last quarter or half. */
export function Traffic({ bytes }: { readonly bytes: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const hour = useQuery(flowSeriesOptions({ window: HOUR }, BUCKETS));
  const shorter = hour.data && SHORTER.find((seconds) => isWithin(seconds, hour.data));
  return (
    <Panel
      title={
        shorter === undefined ? t('overview.trafficLastHour') : t('overview.trafficYoung', { count: shorter / 60 })
      }
      actions={
        <span className="hv-count">
          {t('overview.volume')} {format.bytes(bytes)}
        </span>
      }
      source={<Link to="/flows">{t('flows.title')}</Link>}
    >
      <FlowHistogram query={{ window: shorter ?? HOUR }} height={190} buckets={BUCKETS} />
    </Panel>
  );
}

/** All connections of the series lie within its last seconds. */
function isWithin(seconds: number, { points, bucketMs }: Series): boolean {
  const first = points.findIndex((point) => point.allowFlows + point.denyFlows > 0);
  return first >= 0 && (points.length - first) * bucketMs <= seconds * 1000;
}
