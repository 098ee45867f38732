import { parseAddressRange } from '../address-number.ts';
import { Id } from '../ids.ts';
import { RISKS, riskNum } from '../recognition.ts';
import { SYNTHETIC_RULES } from '../synthetic-rules.ts';
import { type FlowCondition, foldCase, type TextMatch } from './expression.ts';
import { type FieldKind, type FlowOperator, PROTOCOL_NUMBERS, TCP_FLAGS } from './fields.ts';
import type { FlowQueryExpectation } from './mistakes.ts';

/** What was asked for instead, and of which few there are. */
export interface BadValue {
  readonly wanted: FlowQueryExpectation;
  readonly known?: readonly string[];
}

/** A value with its operator; `=` for what `!=` and `in` deny and repeat. */
export interface Asked {
  readonly operator: Exclude<FlowOperator, '!=' | 'in'>;
  readonly text: string;
  /** Place in the filter, from 1. */
  readonly at: number;
  readonly nowMs: number;
}

/** Reads one value of a field. */
export function readValue(kind: FieldKind, asked: Asked): FlowCondition | BadValue {
  const { operator, text } = asked;
  switch (kind.kind) {
    case 'address': {
      const range = parseAddressRange(text);
      return range === null ? { wanted: 'address' } : { kind: 'address', ...range };
    }
    case 'id':
      return Id.safeParse(text).success ? oneOf(text.toLowerCase()) : { wanted: 'id' };
    case 'text':
      return { kind: 'text', how: howOf(operator), text: foldCase(text) };
    case 'word':
      return { kind: 'text', how: 'equals', text: foldCase(text) };
    case 'choice':
      return kind.choices.includes(text.toLowerCase())
        ? oneOf(text.toLowerCase())
        : { wanted: 'choice', known: kind.choices };
    case 'protocol':
      return numberOr(PROTOCOL_NUMBERS, text, 255) ?? { wanted: 'protocol', known: Object.keys(PROTOCOL_NUMBERS) };
    case 'flag': {
      const bit = (TCP_FLAGS as readonly string[]).indexOf(text.toLowerCase());
      return bit < 0 ? { wanted: 'flag', known: TCP_FLAGS } : oneOf(bit);
    }
    case 'risk': {
      const num = riskNum(text.toLowerCase()) ?? wholeNumber(text, 63);
      return num === undefined ? { wanted: 'risk', known: RISKS } : oneOf(num);
    }
    case 'country':
      return /^[a-z]{2}$/i.test(text) ? oneOf(text.toUpperCase()) : { wanted: 'country' };
    case 'asn': {
      const num = wholeNumber(/^(?:as)?(\d{1,10})$/i.exec(text)?.[1] ?? '', 0xffff_ffff);
      return num === undefined ? { wanted: 'asn' } : oneOf(num);
    }
    case 'signature': {
      const sid = wholeNumber(text, 0xffff_ffff);
      return sid === undefined ? { wanted: 'number' } : oneOf(sid);
    }
    case 'named':
      return named(kind, asked);
    case 'instant': {
      const ms = instantOf(text, asked.nowMs);
      return ms === undefined ? { wanted: 'instant' } : compared(operator, ms);
    }
    case 'number': {
      const range = /^(\d{1,16})-(\d{1,16})$/.exec(text);
      const [low, high] = [wholeNumber(range?.[1] ?? text, kind.max), wholeNumber(range?.[2] ?? text, kind.max)];
      if (low === undefined || high === undefined || low > high) return { wanted: 'number' };
      if (range === null) return compared(operator, low);
      return operator === '=' ? { kind: 'within', low, high } : { wanted: 'number' };
    }
    case 'size':
    case 'duration': {
      const value = quantity(text, UNITS[kind.kind]);
      return value === undefined || value > kind.max ? { wanted: kind.kind } : compared(operator, value);
    }
  }
}

/** SI and IEC prefixes: 1 MB is 10⁶ bytes, 1 MiB is 2²⁰. */
const UNITS = {
  size: { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 },
  duration: { ms: 1, s: 1e3, m: 6e4, min: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8 },
} as const satisfies Record<string, Readonly<Record<string, number>>>;

function quantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit] = /^(\d{1,16}(?:\.\d{1,6})?)([a-z]*)$/i.exec(text) ?? [];
  const factor =
    unit === undefined || !Object.hasOwn(units, unit.toLowerCase()) ? undefined : units[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

const INSTANT = /^(\d{4}-\d\d-\d\d)(?:t(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(z|[+-]\d\d:\d\d))?$/i;

/** `-1h` is an hour before now, `now`, a day or an instant of ISO 8601. A day begins at midnight in UTC. */
function instantOf(text: string, nowMs: number): number | undefined {
  if (text.toLowerCase() === 'now') return nowMs;
  if (text.startsWith('-')) {
    const before = quantity(text.slice(1), UNITS.duration);
    return before === undefined || before > nowMs ? undefined : nowMs - before;
  }
  const ms = INSTANT.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function compared(operator: Asked['operator'], value: number): FlowCondition {
  const within = (low: number, high: number): FlowCondition => ({ kind: 'within', low, high });
  switch (operator) {
    case '<':
      return within(Number.NEGATIVE_INFINITY, Math.ceil(value) - 1);
    case '<=':
      return within(Number.NEGATIVE_INFINITY, Math.floor(value));
    case '>':
      return within(Math.floor(value) + 1, Number.POSITIVE_INFINITY);
    case '>=':
      return within(Math.ceil(value), Number.POSITIVE_INFINITY);
    default:
      return within(Math.ceil(value), Math.floor(value));
  }
}

function named({ thing, nums }: FieldKind & { kind: 'named' }, { operator, text, at }: Asked): FlowCondition {
  const how = howOf(operator);
  if (how === 'equals' && nums === true) {
    const decided = numberOr(SYNTHETIC_RULES, text, 0xffff_ffff);
    if (decided !== undefined) return decided;
  }
  if (how === 'equals' && thing !== 'rule' && thing !== 'group' && Id.safeParse(text).success)
    return oneOf(text.toLowerCase());
  return { kind: 'named', how, name: text, at };
}

function numberOr(names: Readonly<Record<string, number>>, text: string, max: number): FlowCondition | undefined {
  const name = text.toLowerCase();
  const value = Object.hasOwn(names, name) ? names[name] : wholeNumber(text, max);
  return value === undefined ? undefined : oneOf(value);
}

const wholeNumber = (text: string, max: number): number | undefined =>
  /^\d{1,16}$/.test(text) && Number(text) <= max ? Number(text) : undefined;

const howOf = (operator: Asked['operator']): TextMatch =>
  operator === 'contains' || operator === 'prefix' ? operator : 'equals';

const oneOf = (value: string | number): FlowCondition => ({ kind: 'one-of', values: [value] });
