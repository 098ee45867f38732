import { useTranslation } from 'react-i18next';
import { SelectField } from '../../ui/fields.tsx';
import { useLastsText } from './use-lasts-text.ts';

const MINUTES = [0, 15, 60, 480, 1440, 10_080, 43_200];

interface Props {
  readonly label?: string;
  /** What it means to choose no time. */
  readonly never?: string;
  readonly problem?: string | undefined;
  /** After so many; 0 is never. */
  readonly minutes: number;
  readonly onChange: (minutes: number) => void;
}

/** How long something lasts before it is undone by itself. */
export function LastsField({ label, never, problem, minutes, onChange }: Props) {
  const { t } = useTranslation();
  const lasts = useLastsText();
  const offered = MINUTES.includes(minutes) ? MINUTES : [...MINUTES, minutes];
  return (
    <SelectField
      label={label ?? t('responses.lasts')}
      problem={problem}
      value={String(minutes)}
      options={offered.map((count) => ({ value: String(count), label: (count === 0 && never) || lasts(count) }))}
      onChange={(chosen) => onChange(Number(chosen))}
    />
  );
}
