import { useTranslation } from 'react-i18next';

const HOUR = 60;
const DAY = 24 * HOUR;

/** A time of so many minutes in words; 0 is never. */
export function useLastsText(): (minutes: number) => string {
  const { t } = useTranslation();
  return (minutes) => {
    if (minutes === 0) return t('responses.never');
    if (minutes % DAY === 0) return t('responses.days', { count: minutes / DAY });
    return minutes % HOUR === 0
      ? t('responses.hours', { count: minutes / HOUR })
      : t('responses.minutes', { count: minutes });
  };
}
