import type { Advice } from '@hypervigil/contract';
import { HealthItem, LimitKind, RuleLimitKind } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { findingText } from '../../i18n/codes.ts';
import { AllowIcon } from '../../ui/icons.tsx';
import { SeverityLabel } from '../../ui/labels.tsx';
import { adviceLink } from './advice-link.ts';

const SHOWN = 3;

/** What to do next, most useful first. Three are enough for now; the rest is counted. */
export function AdviceList({ advice }: { readonly advice: readonly Advice[] }) {
  const { t } = useTranslation();
  const hosts = useCollection('hosts').items;
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
              <strong>{t(`overview.advice.${item.code}.title`, adviceWords(t, item))}</strong>
              <span>{t(`overview.advice.${item.code}.help`, adviceWords(t, item))}</span>
            </div>
            <Link {...adviceLink(item, hosts)} className="hv-advice__go">
              {t(`overview.advice.${item.code}.action`)}
            </Link>
          </li>
        ))}
      </ol>
      {advice.length > SHOWN && <p className="hv-muted">{t('common.more', { count: advice.length - SHOWN })}</p>}
    </section>
  );
}

/** Advice about a host's health, or about a limit, names by codes what it is about; the sentence wants words. */
function adviceWords(t: TFunction, { code, params }: Advice): Advice['params'] {
  if (code === 'limit-exceeded') {
    const kind = LimitKind.safeParse(params['kind']);
    return { ...params, what: kind.success ? t(`limits.what.${kind.data}`) : String(params['kind']) };
  }
  if (code === 'rule-limit-exceeded') {
    const kind = RuleLimitKind.safeParse(params['kind']);
    return { ...params, what: kind.success ? t(`limits.ruleKinds.${kind.data}`) : String(params['kind']) };
  }
  if (code !== 'health') return params;
  const check = HealthItem.shape.name.safeParse(params['item']);
  return {
    ...params,
    check: check.success ? t(`hosts.checks.${check.data}`) : String(params['item']),
    finding: findingText(t, { code: String(params['reason']), params }),
  };
}
