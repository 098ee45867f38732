import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { flowSeriesOptions } from '../../data/queries.ts';
import { Panel } from '../../ui/Panel.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { FlowHistogram } from '../flows/FlowHistogram.tsx';

const HOUR = 3600;
const YOUNG = 900;
const BUCKETS = 60;

interface Series {
  readonly bucketMs: number;
  readonly points: readonly { readonly allowFlows: number; readonly denyFlows: number }[];
}

/** The last hour's connections; of a cloud that has seen less than a quarter of one, the last quarter. */
export function Traffic({ bytes }: { readonly bytes: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const hour = useQuery(flowSeriesOptions({ window: HOUR }, BUCKETS));
  const young = hour.data !== undefined && isYoung(hour.data);
  return (
    <Panel
      title={young ? t('overview.trafficYoung', { count: YOUNG / 60 }) : t('overview.trafficLastHour')}
      actions={
        <span className="hv-count">
          {t('overview.volume')} {format.bytes(bytes)}
        </span>
      }
      source={<Link to="/flows">{t('flows.title')}</Link>}
    >
      <FlowHistogram query={{ window: young ? YOUNG : HOUR }} height={190} buckets={BUCKETS} />
    </Panel>
  );
}

/** Everything of the hour lies in its last quarter. */
function isYoung({ points, bucketMs }: Series): boolean {
  const first = points.findIndex((point) => point.allowFlows + point.denyFlows > 0);
  return first >= 0 && (points.length - first) * bucketMs <= YOUNG * 1000;
}
