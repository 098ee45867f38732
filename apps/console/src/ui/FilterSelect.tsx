import { Badge, MenuToggle, Select, SelectList, SelectOption } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilterIcon } from './icons.tsx';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly count?: number | undefined;
}

interface Props {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string | undefined) => void;
}

/** One filter with few values. Choosing the chosen value again removes it. */
export function FilterSelect({ label, value, choices, onChange }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <Select
      isOpen={open}
      selected={value}
      onOpenChange={setOpen}
      isScrollable
      onSelect={(_, next) => {
        onChange(next === value ? undefined : String(next));
        setOpen(false);
      }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          isExpanded={open}
          onClick={() => setOpen(!open)}
          icon={<FilterIcon />}
          aria-label={t('table.filterBy', { name: label })}
          className="hv-filter"
        >
          {label}
          {chosen !== undefined && <Badge className="hv-filter__badge">1</Badge>}
        </MenuToggle>
      )}
    >
      <SelectList>
        {choices.map((choice) => (
          <SelectOption key={choice.value} value={choice.value} isSelected={choice.value === value}>
            {choice.label}
            {choice.count !== undefined && <span className="hv-choice-count">{choice.count}</span>}
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}
