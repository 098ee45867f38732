import { useTranslation } from 'react-i18next';
import { SelectField } from '../../ui/fields.tsx';

const HOUR = 60;
const DAY = 24 * HOUR;
const MINUTES = [0, 15, HOUR, 8 * HOUR, DAY, 7 * DAY, 30 * DAY];

interface Props {
  readonly problem?: string | undefined;
  /** After so many; 0 is never. */
  readonly minutes: number;
  readonly onChange: (minutes: number) => void;
}

/** How long something lasts before it is undone by itself. */
export function LastsField({ problem, minutes, onChange }: Props) {
  const { t } = useTranslation();
  const label = (count: number) => {
    if (count === 0) return t('responses.never');
    if (count < HOUR) return t('responses.minutes', { count });
    return count < DAY ? t('responses.hours', { count: count / HOUR }) : t('responses.days', { count: count / DAY });
  };
  const offered = MINUTES.includes(minutes) ? MINUTES : [...MINUTES, minutes];
  return (
    <SelectField
      label={t('responses.lasts')}
      problem={problem}
      value={String(minutes)}
      options={offered.map((count) => ({ value: String(count), label: label(count) }))}
      onChange={(chosen) => onChange(Number(chosen))}
    />
  );
}
