import type { DraftPolicy } from '@hypervigil/contract';
import { TIERS } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { TenantBadge } from '../../ui/TenantTag.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { ChangeMark } from './ChangeMark.tsx';

interface Props {
  readonly policies: readonly DraftPolicy[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** The order of decision, drawn as what it is: a ladder from the first tier down to what holds when nobody has spoken. */
export function TierList({ policies, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const [url] = useUrl();
  const tenants = useCollection('tenants').byId;
  const visible = policies.filter(
    (policy) => !url['tenant'] || policy.tenantId === null || policy.tenantId === url['tenant'],
  );
  return (
    <nav className="hv-tiers" aria-label={t('policy.tiers')}>
      <ol>
        {TIERS.map((tier) => {
          const inTier = visible.filter((policy) => policy.tier === tier);
          return (
            <li key={tier} className={`hv-tier hv-tier--${tier}`}>
              <h2 title={t(`policy.tierHelp.${tier}`)}>{t(`policy.tier.${tier}`)}</h2>
              {inTier.length === 0 && <p className="hv-tier__none">{t('policy.noneInTier')}</p>}
              <ul>
                {inTier.map((policy) => {
                  const tenant = tenants.get(policy.tenantId ?? '');
                  return (
                    <li key={policy.id}>
                      <button
                        type="button"
                        className={`hv-tier__policy${policy.enabled ? '' : ' hv-tier__policy--off'}${policy.change === 'removed' ? ' hv-tier__policy--removed' : ''}`}
                        aria-current={policy.id === chosen}
                        onClick={() => onChoose(policy.id)}
                      >
                        <span className="hv-tier__name">
                          {tenant !== undefined && <TenantBadge tenant={tenant} />}
                          <span>{policy.name}</span>
                          <ChangeMark change={policy.change} />
                        </span>
                        <span className="hv-tier__meta">
                          {policy.order} · {t('policy.rules', { count: policy.rules.length })}
                          {!policy.enabled && ` · ${t('policy.disabled')}`}
                        </span>
                      </button>
                    </li>
                  );
                })}
              </ul>
            </li>
          );
        })}
        <li className="hv-tier hv-tier--implicit">{t('policy.implicit')}</li>
      </ol>
    </nav>
  );
}
