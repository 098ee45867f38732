import { ALERT_CODES, NOTIFIED_EVENTS, type NotificationMatch, SEVERITIES } from '@hypervigil/model';
import { Checkbox } from '@patternfly/react-core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { Field } from '../../ui/Field.tsx';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { PickList } from '../../ui/PickList.tsx';
import { useAlertText } from '../alerts/use-alert-text.ts';

interface Props {
  readonly match: NotificationMatch;
  /** Of the provider's routes: they tell alerts of several tenants. */
  readonly withTenants: boolean;
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (match: NotificationMatch) => void;
}

/** Which alerts a route tells. */
export function MatchFields({ match, withTenants, problem, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const alertText = useAlertText();
  const tenants = useCollection('tenants').items;
  const put = (change: Partial<NotificationMatch>) => onChange({ ...match, ...change });
  return (
    <>
      <Field label={t('notificationRoutes.events')} problem={problem('match.events')}>
        {(input) => (
          <div className="hv-row" id={input.id}>
            {NOTIFIED_EVENTS.map((event) => (
              <Checkbox
                key={event}
                id={`${id}-${event}`}
                label={t(`notificationRoutes.eventNames.${event}`)}
                isChecked={match.events.includes(event)}
                onChange={(_, on) =>
                  put({ events: NOTIFIED_EVENTS.filter((one) => (one === event ? on : match.events.includes(one))) })
                }
              />
            ))}
          </div>
        )}
      </Field>
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
