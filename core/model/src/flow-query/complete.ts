import { RISKS } from '../recognition.ts';
import { FLOW_QUERY_LENGTH, foldCase } from './expression.ts';
import {
  FLOW_FIELD_NAMES,
  FLOW_FIELDS,
  type FlowFieldName,
  type FlowOperator,
  type NamedThing,
  operatorsOf,
  PROTOCOL_NUMBERS,
  TCP_FLAGS,
} from './fields.ts';
import type { Place } from './mistakes.ts';
import { type ParseOptions, placeAtEnd } from './parse.ts';
import { quoted, tokensOf } from './tokens.ts';

export type CompletionKind = 'field' | 'operator' | 'value' | 'joint';

/** What may come next. */
export interface Completion {
  readonly kind: CompletionKind;
  /** As it stands in the filter. */
  readonly text: string;
}

export interface Completions {
  /** The part of the text that a completion takes the place of. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly Completion[];
  /** The field of which values are asked for. */
  readonly field: FlowFieldName | null;
}

export interface CompleteOptions extends Pick<ParseOptions, 'fields'> {
  /** Names that the reader may know of. */
  readonly names?: (thing: NamedThing) => readonly string[];
}

const MAX_ITEMS = 50;

/** What may stand where the cursor is, the likeliest first; what begins as the typed word does before what has it inside. */
export function completeFlowQuery(text: string, cursor: number, options: CompleteOptions = {}): Completions {
  const before = text.slice(0, Math.min(cursor, FLOW_QUERY_LENGTH));
  const last = tokensOf(before).findLast(({ kind }) => kind !== 'end');
  const typed = last !== undefined && last.kind !== 'sign' && last.end === before.length ? last : undefined;
  const from = typed?.at ?? before.length;
  const place = placeAtEnd(before.slice(0, from), { nowMs: 0, fields: options.fields });
  // A word that touches the one before, such as a second value, stands where nothing can.
  const items = place === undefined ? [] : candidates(place, options);
  const sought = foldCase(typed?.text ?? '');
  const ranked = items
    .map((item) => ({ item, at: foldCase(item.text.replace(/^"/, '')).indexOf(sought) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => Math.sign(a.at) - Math.sign(b.at));
  return {
    from,
    to: before.length,
    items: ranked.slice(0, MAX_ITEMS).map(({ item }) => item),
    field: place?.field ?? null,
  };
}

function candidates({ wanted, field, operator }: Place, { fields = FLOW_FIELD_NAMES, names }: CompleteOptions) {
  const all = (kind: CompletionKind, texts: readonly string[]): Completion[] => texts.map((text) => ({ kind, text }));
  switch (wanted) {
    case 'field':
      return [...all('field', fields), ...all('joint', ['not', '('])];
    case 'operator':
      return field === undefined ? [] : all('operator', operatorsOf(FLOW_FIELDS[field]));
    case 'value':
      return field === undefined ? [] : all('value', valuesOf(field, operator, names));
    case 'joint':
      return all('joint', ['and', 'or']);
    case 'joint-or-close':
      return all('joint', ['and', 'or', ')']);
    case 'comma-or-close':
      return all('joint', [',', ')']);
    default:
      return [];
  }
}

function valuesOf(name: FlowFieldName, operator: FlowOperator | undefined, names: CompleteOptions['names']): string[] {
  const field = FLOW_FIELDS[name];
  const none = operator === '=' || operator === '!=' ? ['none'] : [];
  switch (field.kind) {
    case 'choice':
      return [...field.choices, ...none];
    case 'protocol':
      return Object.keys(PROTOCOL_NUMBERS);
    case 'flag':
      return [...TCP_FLAGS];
    case 'risk':
      return [...RISKS, ...none];
    case 'named':
      return [...[...new Set(names?.(field.thing) ?? [])].map(quoted), ...none];
    case 'instant':
      return ['-5m', '-15m', '-1h', '-6h', '-1d', '-7d', 'now'];
    case 'size':
      return ['1kB', '1MB', '1GB', '1KiB', '1MiB', '1GiB'];
    case 'duration':
      return ['100ms', '1s', '1m', '1h', '1d'];
    case 'address':
      return ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8', ...none];
    default:
      return none;
  }
}
