import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/use-format.ts';

const RADIUS = 30;
const LENGTH = 2 * Math.PI * RADIUS;

/** How much of the traffic is policed: a ring for the eye, the same in words beside it. */
export function Coverage({ part, total }: { readonly part: number; readonly total: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const ratio = total === 0 ? 0 : part / total;
  return (
    <Link to="/vms" className="hv-tile hv-tile--wide">
      <svg className="hv-ring" viewBox="0 0 72 72" aria-hidden="true">
        <circle cx="36" cy="36" r={RADIUS} className="hv-ring__track" />
        <circle
          cx="36"
          cy="36"
          r={RADIUS}
          className={ratio === 1 ? 'hv-ring__value' : 'hv-ring__value hv-ring__value--part'}
          strokeDasharray={`${LENGTH * ratio} ${LENGTH}`}
          transform="rotate(-90 36 36)"
        />
      </svg>
      <span className="hv-tile__text">
        <span className="hv-tile__name">{t('overview.coverage')}</span>
        <span className="hv-tile__value">{total === 0 ? '–' : format.percent(ratio)}</span>
        <span className="hv-tile__note">
          {t('overview.covered', { part: format.count(part), total: format.count(total) })}
        </span>
      </span>
    </Link>
  );
}
