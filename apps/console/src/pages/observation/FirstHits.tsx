import type { PolicyObservation } from '@hypervigil/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

const SHOWN = 5;

/** Rules that decide something now and had decided nothing before: new ones that are met, and old ones that have come up. */
export function FirstHits({ hits }: { readonly hits: PolicyObservation['firstHits'] }) {
  const { t } = useTranslation();
  return (
    <div>
      <h2>{t('observation.firstHits')}</h2>
      {hits.length === 0 && <p className="hv-muted">{t('observation.noFirstHits')}</p>}
      <ul className="hv-plain-list">
        {hits.slice(0, SHOWN).map(({ rule, flows }) => (
          <li key={rule.id}>
            <Link to="/policy" search={{ id: rule.policyId, rule: String(rule.num) }}>
              {rule.name}
            </Link>
            <span className="hv-muted">{t('observation.connections', { count: flows })}</span>
          </li>
        ))}
      </ul>
      {hits.length > SHOWN && <p className="hv-muted">{t('common.more', { count: hits.length - SHOWN })}</p>}
    </div>
  );
}
