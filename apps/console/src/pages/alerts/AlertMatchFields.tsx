import { ALERT_CODES, type AlertMatch, SEVERITIES } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { Field } from '../../ui/Field.tsx';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { PickList } from '../../ui/PickList.tsx';
import { useAlertText } from './use-alert-text.ts';

interface Props {
  readonly match: AlertMatch;
  /** Of what is the provider's: it is about alerts of several tenants. */
  readonly withTenants: boolean;
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (change: Partial<AlertMatch>) => void;
}

/** Which alerts somebody means. */
export function AlertMatchFields({ match, withTenants, problem, onChange: put }: Props) {
  const { t } = useTranslation();
  const alertText = useAlertText();
  const tenants = useCollection('tenants').items;
  return (
    <>
      <SelectField
        label={t('notificationRoutes.leastSeverity')}
        problem={problem('match.leastSeverity')}
        value={match.leastSeverity}
        options={SEVERITIES.map((value) => ({ value, label: t(`overview.severity.${value}`) }))}
        onChange={(leastSeverity) => put({ leastSeverity })}
      />
      <Field label={t('notificationRoutes.codes')} problem={problem('match.codes')}>
        {(input) => (
          <PickList
            {...input}
            placeholder={t('notificationRoutes.allCodes')}
            choices={ALERT_CODES.map((code) => ({ id: code, name: alertText.title(code) }))}
            chosen={match.codes}
            onChange={(codes) => put({ codes: ALERT_CODES.filter((code) => codes.includes(code)) })}
          />
        )}
      </Field>
      {withTenants && (
        <Field label={t('notificationRoutes.ofTenants')} problem={problem('match.tenantIds')}>
          {(input) => (
            <PickList
              {...input}
              placeholder={t('notificationRoutes.allTenants')}
              choices={tenants}
              chosen={match.tenantIds}
              onChange={(tenantIds) => put({ tenantIds: [...tenantIds] })}
            />
          )}
        </Field>
      )}
      <TextField
        label={t('notificationRoutes.selector')}
        help={t('notificationRoutes.selectorHelp')}
        problem={problem('match.selector')}
        value={match.selector}
        onChange={(selector) => put({ selector })}
      />
    </>
  );
}
