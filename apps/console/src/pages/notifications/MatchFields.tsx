import { NOTIFIED_EVENTS, type NotificationMatch } from '@hypervigil/model';
import { Checkbox } from '@patternfly/react-core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/Field.tsx';
import { AlertMatchFields } from '../alerts/AlertMatchFields.tsx';

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
      <AlertMatchFields match={match} withTenants={withTenants} problem={problem} onChange={put} />
    </>
  );
}
