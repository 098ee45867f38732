import { MenuToggle, Select, SelectList, SelectOption } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DEFAULT_WINDOW, WINDOWS } from '../../data/flow-filter.ts';
import { readFilter } from '../../data/flow-query.ts';
import { ClockIcon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';

/** Which time: a window that slides with the clock, or the fixed one that was brushed in the chart. */
export function TimeWindow() {
  const { t } = useTranslation();
  const format = useFormat();
  const [url, patch] = useUrl();
  const [open, setOpen] = useState(false);
  const current = WINDOWS.find((w) => w === url['window']) ?? DEFAULT_WINDOW;
  const { from, to } = url;
  const shown = from
    ? t('flows.between', { from: format.clock(from), to: to ? format.clock(to) : '' })
    : url['window'] === undefined && readFilter(url['filter'])?.timed
      ? t('flows.timeOfFilter')
      : t(`flows.window.${current}`);
  return (
    <Select
      isOpen={open}
      selected={from ? undefined : current}
      onOpenChange={setOpen}
      onSelect={(_, value) => {
        patch({ window: value === DEFAULT_WINDOW ? undefined : String(value), from: undefined, to: undefined });
        setOpen(false);
      }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          isExpanded={open}
          icon={<ClockIcon />}
          onClick={() => setOpen(!open)}
          aria-label={`${t('flows.time')}: ${shown}`}
        >
          {shown}
        </MenuToggle>
      )}
    >
      <SelectList>
        {WINDOWS.map((value) => (
          <SelectOption key={value} value={value} isSelected={!from && value === current}>
            {t(`flows.window.${value}`)}
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}
