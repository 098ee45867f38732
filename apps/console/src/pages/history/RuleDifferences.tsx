import type { PolicyComparison, PolicyDifference } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/Panel.tsx';
import { useFieldText, worthTelling } from './use-field-text.ts';

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
  const text = useFieldText(names);
  const told = fields.filter(worthTelling);
  if (told.length === 0) return null;
  return (
    <ul className="hv-small">
      {told.map(({ field, ...values }) => (
        <li key={field}>
          {text.label(field)}: {'before' in values && <del>{text.value(field, values.before)}</del>}
          {'before' in values && 'after' in values && ' → '}
          {'after' in values && <ins>{text.value(field, values.after)}</ins>}
        </li>
      ))}
    </ul>
  );
}
