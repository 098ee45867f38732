import type { ScheduleNow } from '@hypervigil/contract';
import { Tooltip } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useNow } from '../../ui/use-now.ts';
import { holdsAt } from './holds.ts';
import { WeekPicture } from './WeekPicture.tsx';

/** A schedule's name, and whether it holds now; its week when pointed at. */
export function ScheduleText({ schedule }: { readonly schedule: ScheduleNow | undefined }) {
  const { t } = useTranslation();
  const now = useNow();
  if (schedule === undefined) return <span className="hv-muted">–</span>;
  return (
    <Tooltip content={<WeekPicture windows={schedule.windows} />}>
      <span>
        {schedule.name}{' '}
        <span className="hv-muted">{holdsAt(schedule, now) ? t('schedules.holds') : t('schedules.holdsNot')}</span>
      </span>
    </Tooltip>
  );
}
