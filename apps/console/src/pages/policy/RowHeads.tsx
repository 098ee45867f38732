import type { DraftPolicy } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import type { PolicyRow, TierRow, TreeRow } from '../../data/policy-tree.ts';
import { useCollection } from '../../data/queries.ts';
import { NextIcon, PlusIcon } from '../../ui/icons.tsx';
import { TenantBadge } from '../../ui/TenantTag.tsx';
import { ChangeMark } from './ChangeMark.tsx';

type OnFold = (row: TreeRow, folded: boolean) => void;

/** Where the rules of a tier begin, and what the tier is for. */
export function TierHead({ row, onFold }: { readonly row: TierRow; readonly onFold: OnFold }) {
  const { t } = useTranslation();
  return (
    <span className={`hv-row-head hv-tier--${row.tier}`}>
      <FoldButton row={row} name={t(`policy.tier.${row.tier}`)} onFold={onFold} />
      <strong>{t(`policy.tier.${row.tier}`)}</strong>
      <span className="hv-muted">
        {row.policies === 0 ? t('policy.noneInTier') : t('policy.policies', { count: row.policies })} ·{' '}
        {t(`policy.tierHelp.${row.tier}`)}
      </span>
    </span>
  );
}

interface PolicyHeadProps {
  readonly row: PolicyRow;
  /** The reader may not change it, or nobody can. */
  readonly isLocked: boolean;
  readonly onFold: OnFold;
  readonly onAddRule: (policy: DraftPolicy) => void;
}

/** Where the rules of a policy begin: whose it is, and how it differs from what is published. */
export function PolicyHead({ row, isLocked, onFold, onAddRule }: PolicyHeadProps) {
  const { t } = useTranslation();
  const { policy } = row;
  const tenant = useCollection('tenants').byId.get(policy.tenantId ?? '');
  const removed = policy.change === 'removed';
  const off = policy.enabled && !removed ? '' : ' hv-policy-name--off';
  return (
    <span className="hv-row-head">
      <FoldButton row={row} name={policy.name} onFold={onFold} />
      {tenant !== undefined && <TenantBadge tenant={tenant} />}
      <strong className={`hv-policy-name${off}`} title={policy.description}>
        {policy.name}
      </strong>
      <ChangeMark change={policy.change} />
      {!policy.enabled && <span className="hv-tag">{t('policy.disabled')}</span>}
      <span className="hv-muted">
        {policy.rules.length === 0 ? t('policy.noRules') : t('policy.rules', { count: row.rules })}
        {policy.description !== '' && ` · ${policy.description}`}
      </span>
      {!isLocked && (
        <button
          type="button"
          tabIndex={-1}
          className="hv-row-add"
          aria-label={t('policy.addRuleTo', { name: policy.name })}
          onClick={() => onAddRule(policy)}
        >
          <PlusIcon /> {t('policy.addRule')}
        </button>
      )}
    </span>
  );
}

interface FoldButtonProps {
  readonly row: TierRow | PolicyRow;
  readonly name: string;
  readonly onFold: OnFold;
}

function FoldButton({ row, name, onFold }: FoldButtonProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      tabIndex={-1}
      className="hv-fold"
      aria-expanded={row.open}
      aria-label={t(row.open ? 'policy.fold' : 'policy.unfold', { name })}
      onClick={() => onFold(row, row.open)}
    >
      <NextIcon />
    </button>
  );
}
