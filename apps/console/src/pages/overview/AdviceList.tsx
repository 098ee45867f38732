import type { Advice } from '@hypervigil/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AllowIcon } from '../../ui/icons.tsx';
import { SeverityLabel } from '../../ui/labels.tsx';
import { adviceLink } from './advice-link.ts';

const SHOWN = 3;

/** What to do next, most useful first. Three are enough for now; the rest is counted. */
export function AdviceList({ advice }: { readonly advice: readonly Advice[] }) {
  const { t } = useTranslation();
  if (advice.length === 0)
    return (
      <section className="hv-verdict hv-verdict--good" aria-label={t('overview.next')}>
        <AllowIcon />
        <div>
          <h2>{t('overview.good')}</h2>
          <p>{t('overview.goodHelp')}</p>
        </div>
      </section>
    );
  return (
    <section className="hv-verdict hv-verdict--attention" aria-label={t('overview.next')}>
      <h2>{t('overview.attention', { count: advice.length })}</h2>
      <ol>
        {advice.slice(0, SHOWN).map((item) => (
          <li key={`${item.code} ${JSON.stringify(item.params)}`} className={`hv-advice hv-advice--${item.severity}`}>
            <SeverityLabel severity={item.severity} />
            <div className="hv-advice__text">
              <strong>{t(`overview.advice.${item.code}.title`, item.params)}</strong>
              <span>{t(`overview.advice.${item.code}.help`, item.params)}</span>
            </div>
            <Link {...adviceLink(item)} className="hv-advice__go">
              {t(`overview.advice.${item.code}.action`)}
            </Link>
          </li>
        ))}
      </ol>
      {advice.length > SHOWN && <p className="hv-muted">{t('common.more', { count: advice.length - SHOWN })}</p>}
    </section>
  );
}
