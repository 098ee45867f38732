import { flowFieldText, languageOf, problemText } from '@hypervigil/contract';
import { type Completion, completeFlowQuery, type FlowFieldName, parseFlowQuery } from '@hypervigil/model';
import { Button } from '@patternfly/react-core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseFlowSearch } from '../../data/flow-filter.ts';
import { useFlowFields, useFlowNames } from '../../data/flow-query.ts';
import { type FlowQuery, flowsOptions, useCollection } from '../../data/queries.ts';
import { problemAt } from '../../ui/error-text.ts';
import { MarkedPlace } from '../../ui/MarkedPlace.tsx';
import { useUrl } from '../../ui/use-url.ts';

/** The language of filters with what may come next (ARIA: combobox); what people paste is understood as well. */
export function FlowQueryBox({ query }: { readonly query: FlowQuery }) {
  const { t, i18n } = useTranslation();
  const [url, patch] = useUrl();
  const applied = url['filter'] ?? '';
  const [text, setText] = useState(applied);
  const [known, setKnown] = useState(applied);
  // Another filter came by the address bar, or by a click on a group.
  if (known !== applied) {
    setKnown(applied);
    setText(applied);
  }
  const [open, setOpen] = useState(false);
  const [tried, setTried] = useState(applied !== '');
  const [cursor, setCursor] = useState(0);
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const placed = useRef<number>(undefined);
  const list = useId();
  const problemId = useId();
  const fields = useFlowFields();
  const names = useFlowNames();
  const vms = useCollection('vms').items;
  const { error } = useInfiniteQuery(flowsOptions(query));

  const completions = completeFlowQuery(text, cursor, { fields, names });
  const items = open ? completions.items : [];
  const mistake = tried ? mistakeOf(text, fields, text === applied ? error : null) : undefined;

  useEffect(() => {
    if (placed.current === undefined) return;
    input.current?.setSelectionRange(placed.current, placed.current);
    placed.current = undefined;
  });

  const change = (next: string, place: number) => {
    setText(next);
    setCursor(place);
    setAt(-1);
    setOpen(true);
    setTried(false);
  };
  const insert = ({ text: word }: Completion) => {
    const { from, to } = completions;
    placed.current = from + word.length + 1;
    change(`${text.slice(0, from)}${word} ${text.slice(to).trimStart()}`, placed.current);
    input.current?.focus();
  };
  const apply = () => {
    setOpen(false);
    const parsed = parseFlowQuery(text, { nowMs: Date.now(), fields });
    const pasted = 'mistake' in parsed ? parseFlowSearch(text, vms) : undefined;
    if (pasted !== undefined) {
      // A second VM means: between these two.
      const { vm } = pasted;
      patch(vm !== undefined && url['vm'] !== undefined && url['vm'] !== vm ? { peer: vm } : pasted);
      setText(applied);
      return;
    }
    setTried(true);
    if (!('mistake' in parsed)) patch({ filter: text.trim() || undefined });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = items[at];
    if (step !== undefined) {
      setOpen(true);
      const count = completions.items.length;
      if (count > 0) setAt((Math.max(at, step > 0 ? -1 : 0) + step + count) % count);
    } else if (event.key === ' ' && event.ctrlKey) setOpen(true);
    else if (event.key === 'Escape' && open) setOpen(false);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) insert(chosen);
    else if (event.key === 'Enter') apply();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const describe = ({ kind, text: word }: Completion): string => {
    if (kind === 'field') return flowFieldText(languageOf(i18n.language), word as FlowFieldName);
    if (kind === 'operator') return t(`flows.operators.${word as '='}`);
    return '';
  };
  return (
    <div className="hv-flow-query">
      <div className="hv-flow-query__line">
        <input
          ref={input}
          data-hv-search=""
          role="combobox"
          aria-label={t('flows.filter')}
          aria-expanded={items.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={items[at] === undefined ? undefined : `${list}-${at}`}
          aria-invalid={mistake !== undefined}
          aria-describedby={mistake === undefined ? undefined : problemId}
          className="hv-flow-query__input hv-mono"
          placeholder={t('flows.filterExample')}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => change(event.target.value, event.target.selectionStart ?? event.target.value.length)}
          onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? text.length)}
          onClick={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
        {text !== '' && (
          <Button
            variant="plain"
            size="sm"
            aria-label={t('flows.clearFilter')}
            onClick={() => {
              setText('');
              setTried(false);
              patch({ filter: undefined });
              input.current?.focus();
            }}
          >
            ×
          </Button>
        )}
        <Button variant="secondary" size="sm" onClick={apply}>
          {t('flows.applyFilter')}
        </Button>
      </div>
      <div
        id={list}
        role="listbox"
        aria-label={t('flows.suggestions')}
        className="hv-flow-query__list"
        hidden={items.length === 0}
      >
        {items.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which keeps the focus
          <div
            key={item.text}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="hv-type-ahead__option"
            ref={(element) => {
              if (index === at) element?.scrollIntoView({ block: 'nearest' });
            }}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => insert(item)}
          >
            <span className="hv-mono">{item.text}</span>
            <span className="hv-muted">{describe(item)}</span>
          </div>
        ))}
      </div>
      {mistake !== undefined && (
        <p id={problemId} role="alert" className="hv-flow-query__bad">
          {problemText(languageOf(i18n.language), { ...mistake, message: mistake.code })}
          {typeof mistake.params['at'] === 'number' && <MarkedPlace text={text} at={mistake.params['at'] - 1} />}
        </p>
      )}
    </div>
  );
}

interface FilterMistake {
  readonly code: string;
  readonly params: Record<string, string | number>;
}

/** What is wrong with the text by itself, or what the platform says of it: only there are all names known. */
function mistakeOf(text: string, fields: readonly FlowFieldName[], error: unknown): FilterMistake | undefined {
  const parsed = parseFlowQuery(text, { nowMs: Date.now(), fields });
  if ('mistake' in parsed) return parsed.mistake;
  return problemAt(error, 'filter');
}
