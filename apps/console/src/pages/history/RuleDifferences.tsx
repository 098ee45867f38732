import type { PolicyComparison, PolicyDifference } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/Panel.tsx';

const SIGN = { added: '+', changed: '~', removed: '−', moved: '↕' } as const;

/** What the policies say otherwise: policy by policy, rule by rule, field by field. */
export function RuleDifferences({ comparison }: { readonly comparison: PolicyComparison }) {
  const { t } = useTranslation();
  const { policies, names, moreRules } = comparison;
  return (
    <Panel title={t('history.rules')}>
      <ul className="hv-diff">
        {policies.map((policy) => (
          <li key={policy.id} className={`hv-diff--${policy.action}`}>
            <strong>
              <span aria-hidden="true">{SIGN[policy.action]} </span>
              {t(`history.actions.${policy.action}`)} · {t(`policy.tier.${policy.tier}`)} / {policy.name}
            </strong>
            <Fields fields={policy.fields} names={names} />
            <ul>
              {policy.rules.map((rule) => (
                <li key={rule.id} className={`hv-diff--${rule.action}`}>
                  <span aria-hidden="true">{SIGN[rule.action]} </span>
                  {t(`history.actions.${rule.action}`)} · {t('history.rule', { place: rule.place, name: rule.name })}
                  {rule.from !== undefined && ` ${t('history.movedFrom', { place: rule.from })}`}
                  <Fields fields={rule.fields} names={names} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {moreRules > 0 && <p className="hv-muted">{t('common.more', { count: moreRules })}</p>}
    </Panel>
  );
}

interface FieldsProps {
  readonly fields: PolicyDifference['fields'];
  readonly names: Readonly<Record<string, string>>;
}

function Fields({ fields, names }: FieldsProps) {
  if (fields.length === 0) return null;
  return (
    <ul className="hv-mono hv-small">
      {fields.map((field) => (
        <li key={field.field}>
          {field.field}: {'before' in field && <del>{text(field.before, names)}</del>}
          {'before' in field && 'after' in field && ' → '}
          {'after' in field && <ins>{text(field.after, names)}</ins>}
        </li>
      ))}
    </ul>
  );
}

function text(value: unknown, names: FieldsProps['names']): string {
  if (typeof value === 'string') return names[value] ?? (value === '' ? '""' : value);
  if (Array.isArray(value)) return `[${value.map((one) => text(one, names)).join(', ')}]`;
  return JSON.stringify(value) ?? '';
}
