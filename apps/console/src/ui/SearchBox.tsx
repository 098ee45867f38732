import { SearchInput } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label?: string;
}

const SETTLE_MS = 150;

/** The search of a screen: `/` focuses it (app/shortcuts.ts finds it by its attribute). */
export function SearchBox({ value, onChange, label }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => onChange(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <SearchInput
      className="hv-search"
      data-hv-search=""
      aria-label={label ?? t('table.search')}
      placeholder={label ?? t('table.search')}
      title={t('table.searchHint')}
      value={text}
      onChange={(_, next) => setText(next)}
      onClear={() => {
        setText('');
        onChange('');
      }}
    />
  );
}
