import { Label } from '@patternfly/react-core';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface TypeAheadOption {
  readonly key: string;
  readonly name: string;
  /** Of what kind it is, where there are several. */
  readonly kind?: string;
  readonly content?: ReactNode;
}

interface Props {
  readonly label: string;
  readonly options: readonly TypeAheadOption[];
  /** What is chosen so far, each removable; undefined where one is chosen and that is all. */
  readonly chosen?: readonly TypeAheadOption[];
  /** The option that stands now, where one is chosen. */
  readonly current?: string;
  readonly invalid: boolean;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onChoose: (key: string) => void;
  readonly onRemove?: (key: string) => void;
  /** What was typed and is no option; false when it means nothing. */
  readonly onTyped?: (text: string) => boolean;
}

const MAX_SHOWN = 50;

/** One or several of many: type to narrow the list, arrows and Enter choose, Backspace takes back (ARIA: combobox). */
export function TypeAhead({ label, options, chosen = [], current, invalid, text, onText, ...on }: Props) {
  const { t } = useTranslation();
  const list = useId();
  const wanted = text.trim().toLowerCase();
  const taken = new Set(chosen.map(({ key }) => key));
  const shown = options
    .filter(({ key, name }) => !taken.has(key) && name.toLowerCase().includes(wanted))
    .slice(0, MAX_SHOWN);
  const [at, setAt] = useState(() => options.findIndex(({ key }) => key === current));
  // What is typed means the first that fits; with nothing typed, nothing is meant until an arrow says so.
  const active = wanted === '' ? Math.min(at, shown.length - 1) : Math.max(0, Math.min(at, shown.length - 1));

  const choose = (key: string) => {
    onText('');
    setAt(-1);
    on.onChoose(key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      const next = active + step;
      setAt(next < 0 ? shown.length - 1 : next % Math.max(1, shown.length));
    } else if (event.key === 'Backspace' && text === '' && chosen.length > 0) on.onRemove?.(chosen.at(-1)!.key);
    else if ((event.key === 'Enter' || event.key === ',') && wanted !== '' && on.onTyped?.(text.trim())) onText('');
    else if (event.key === 'Enter' && shown[active] !== undefined) choose(shown[active].key);
    else return;
    event.preventDefault();
  };
  return (
    <div className="hv-type-ahead">
      <div className="hv-type-ahead__chosen">
        {chosen.map(({ key, name }) => (
          <Label
            key={key}
            isCompact
            variant="outline"
            onClose={() => on.onRemove?.(key)}
            closeBtnAriaLabel={`${t('common.remove')}: ${name}`}
          >
            {name}
          </Label>
        ))}
        <input
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={list}
          aria-autocomplete="list"
          aria-invalid={invalid}
          aria-activedescendant={shown[active] === undefined ? undefined : `${list}-${active}`}
          className="hv-type-ahead__input"
          placeholder={label}
          value={text}
          onChange={(event) => {
            setAt(-1);
            onText(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={list} role="listbox" aria-label={label} className="hv-type-ahead__list">
        {shown.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which keeps the focus
          <div
            key={option.key}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className="hv-type-ahead__option"
            ref={(element) => {
              if (index === active) element?.scrollIntoView({ block: 'nearest' });
            }}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(option.key)}
          >
            {option.content ?? <span>{option.name}</span>}
            {option.kind !== undefined && <span className="hv-muted">{option.kind}</span>}
          </div>
        ))}
      </div>
    </div>
  );
}
