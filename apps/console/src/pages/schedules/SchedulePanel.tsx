import type { ScheduleNow } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../ui/Facts.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { AbsoluteTime, RelativeTime } from '../../ui/RelativeTime.tsx';
import { NamedBy } from '../policy/NamedBy.tsx';
import { datesText } from './dates-text.ts';
import { HoldsLabel } from './HoldsLabel.tsx';
import { WeekPicture } from './WeekPicture.tsx';
import { windowsText } from './windows-text.ts';

interface Props {
  readonly schedule: ScheduleNow;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** When the schedule holds, as a picture and in words, and which rules speak of it. */
export function SchedulePanel({ schedule, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <PanelHead description={schedule.description} permission="catalogue:write" onEdit={onEdit} onRemove={onRemove} />
      <WeekPicture windows={schedule.windows} />
      <Facts
        narrow
        facts={[
          { name: t('schedules.now'), value: <HoldsLabel schedule={schedule} /> },
          { name: t('schedules.nextChange'), value: <AbsoluteTime at={schedule.nextChange} /> },
          { name: t('schedules.windows'), value: windowsText(t, schedule.windows) },
          { name: t('schedules.zone'), value: schedule.zone },
          { name: t('schedules.dates'), value: datesText(t, schedule) },
          { name: t('schedules.changed'), value: <RelativeTime at={schedule.changedAt} /> },
        ]}
      />
      <NamedBy names={(rule) => rule.scheduleId === schedule.id} />
    </>
  );
}
