import { ScheduleWindow, WEEKDAYS } from '@hypervigil/model';
import { Button, Checkbox, HelperText, HelperTextItem } from '@patternfly/react-core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../../ui/fields.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { WeekPicture } from './WeekPicture.tsx';

/** A window while it is edited: its times are still text. */
export interface WindowDraft extends ScheduleWindow {
  readonly key: number;
}
export const OFFICE_HOURS: ScheduleWindow = { days: [...WEEKDAYS.slice(0, 5)], from: '08:00', to: '18:00' };
export const windowDrafts = (windows: readonly ScheduleWindow[]): readonly WindowDraft[] =>
  windows.map((window, key) => ({ ...window, key }));
/** Undefined while days or a time are missing. */
export const windowOf = ({ days, from, to }: WindowDraft): ScheduleWindow | undefined =>
  ScheduleWindow.safeParse({ days, from, to }).data;

const MAX_WINDOWS = 50;

interface Props {
  readonly windows: readonly WindowDraft[];
  readonly problem: (index: number) => string | undefined;
  readonly onChange: (windows: readonly WindowDraft[]) => void;
}

/** The hours of a week, each with its days, beside the week that they make. */
export function WindowsEditor({ windows, problem, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const add = () =>
    onChange([...windows, { ...OFFICE_HOURS, key: Math.max(-1, ...windows.map(({ key }) => key)) + 1 }]);
  return (
    <div className="hv-sides">
      <div className="hv-stack">
        {windows.map((window, index) => {
          const put = (change: Partial<ScheduleWindow>) => onChange(windows.with(index, { ...window, ...change }));
          const wrong = windowOf(window) === undefined ? t('schedules.badWindow') : problem(index);
          return (
            <fieldset key={window.key} className="hv-side">
              <legend>{t('schedules.window', { n: index + 1 })}</legend>
              <div className="hv-row">
                {WEEKDAYS.map((day) => (
                  <Checkbox
                    key={day}
                    id={`${id}-${window.key}-${day}`}
                    label={t(`schedules.day.${day}`)}
                    isChecked={window.days.includes(day)}
                    onChange={(_, on) =>
                      put({ days: WEEKDAYS.filter((one) => (one === day ? on : window.days.includes(one))) })
                    }
                  />
                ))}
              </div>
              <div className="hv-from-to">
                {(['from', 'to'] as const).map((end) => (
                  <TextField
                    key={end}
                    label={t(`schedules.${end}`)}
                    required
                    value={window[end]}
                    onChange={(time) => put({ [end]: time })}
                  />
                ))}
              </div>
              {wrong !== undefined && (
                <HelperText isLiveRegion>
                  <HelperTextItem variant="error">{wrong}</HelperTextItem>
                </HelperText>
              )}
              {windows.length > 1 && (
                <Button variant="link" isInline isDanger onClick={() => onChange(windows.toSpliced(index, 1))}>
                  {t('common.remove')}
                </Button>
              )}
            </fieldset>
          );
        })}
        <div>
          <Button variant="secondary" icon={<PlusIcon />} isDisabled={windows.length >= MAX_WINDOWS} onClick={add}>
            {t('schedules.addWindow')}
          </Button>
        </div>
      </div>
      <div>
        <WeekPicture windows={windows.flatMap((window) => windowOf(window) ?? [])} />
        <p className="hv-muted hv-small">{t('schedules.windowsHelp')}</p>
      </div>
    </div>
  );
}
