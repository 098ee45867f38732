import type { ScheduleNow } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { ClockIcon, OffIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { useNow } from '../../ui/use-now.ts';
import { holdsAt } from './holds.ts';

/** Whether a schedule holds now. */
export function HoldsLabel({ schedule }: { readonly schedule: ScheduleNow }) {
  const { t } = useTranslation();
  return holdsAt(schedule, useNow()) ? (
    <Status tone="green" icon={ClockIcon}>
      {t('schedules.holds')}
    </Status>
  ) : (
    <Status tone="grey" icon={OffIcon}>
      {t('schedules.holdsNot')}
    </Status>
  );
}
