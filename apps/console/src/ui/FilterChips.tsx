import { Button, Label, LabelGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

export interface FilterChip {
  readonly key: string;
  readonly name: string;
  readonly value: string;
}

interface Props {
  readonly chips: readonly FilterChip[];
  readonly onRemove: (key: string) => void;
  readonly onClear: () => void;
}

/** What narrows the list, each removable by itself. */
export function FilterChips({ chips, onRemove, onClear }: Props) {
  const { t } = useTranslation();
  if (chips.length === 0) return null;
  return (
    <div className="hv-chips">
      <LabelGroup numLabels={20} aria-label={t('table.filterBy', { name: '' })}>
        {chips.map((chip) => (
          <Label
            key={chip.key}
            variant="outline"
            onClose={() => onRemove(chip.key)}
            closeBtnAriaLabel={t('table.removeFilter', { name: chip.name })}
          >
            <span className="hv-chips__name">{chip.name}</span> {chip.value}
          </Label>
        ))}
      </LabelGroup>
      <Button variant="link" isInline onClick={onClear}>
        {t('table.clearFilters')}
      </Button>
    </div>
  );
}
