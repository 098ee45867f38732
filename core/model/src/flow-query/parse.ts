import { closest } from '../closest.ts';
import {
  FLOW_QUERY_DEPTH,
  FLOW_QUERY_LENGTH,
  FLOW_QUERY_TERMS,
  type FlowCondition,
  type FlowExpression,
} from './expression.ts';
import { FLOW_FIELD_NAMES, FLOW_FIELDS, type FlowFieldName, type FlowOperator, operatorsOf } from './fields.ts';
import { type FlowQueryExpectation, type FlowQueryMistake, FlowQueryRefusal, type Place } from './mistakes.ts';
import { isWord, type Token, tokensOf } from './tokens.ts';
import { type BadValue, readValue } from './values.ts';

export interface ParseOptions {
  /** Milliseconds since 1970: what `-1h` counts from. */
  readonly nowMs: number;
  /** Fields that the reader may ask for. Default: all. */
  readonly fields?: readonly FlowFieldName[] | undefined;
}

/** Empty text asks for nothing: every flow is right. */
export type ParsedFlowQuery = { readonly expression: FlowExpression | null } | { readonly mistake: FlowQueryMistake };

/** Takes any text whatever; the time is in proportion to its length. */
export function parseFlowQuery(text: string, options: ParseOptions): ParsedFlowQuery {
  try {
    return { expression: createParser(text, options).whole() };
  } catch (error) {
    if (error instanceof FlowQueryRefusal) return { mistake: error.mistake };
    throw error;
  }
}

/** What the text wants next; undefined when it went wrong before its end. */
export function placeAtEnd(text: string, options: ParseOptions): Place | undefined {
  try {
    return { wanted: createParser(text, options).whole() === null ? 'field' : 'joint' };
  } catch (error) {
    if (error instanceof FlowQueryRefusal) return error.place;
    throw error;
  }
}

const SIGNS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='];

function createParser(text: string, { nowMs, fields = FLOW_FIELD_NAMES }: ParseOptions) {
  if (text.length > FLOW_QUERY_LENGTH)
    throw new FlowQueryRefusal({ code: 'too-long', params: { maximum: FLOW_QUERY_LENGTH } });
  const tokens = tokensOf(text);
  let next = 0;
  let depth = 0;
  let terms = 0;

  const token = (): Token => tokens[Math.min(next, tokens.length - 1)]!;
  const isSign = (sign: string): boolean => token().kind === 'sign' && token().text === sign;
  function took(is: boolean): boolean {
    if (is) next++;
    return is;
  }

  function refuse(wanted: FlowQueryExpectation, known: readonly string[] = [], place: Omit<Place, 'wanted'> = {}) {
    const { kind, at, text: found } = token();
    const params = { at: at + 1, wanted: kind === 'open-quote' ? ('end-quote' as const) : wanted };
    return new FlowQueryRefusal(
      { code: 'flow-query-syntax', params: { ...params, found: found.slice(0, 40), known: known.join(', ') } },
      kind === 'end' ? { wanted, ...place } : undefined,
    );
  }

  function limited(code: 'flow-query-too-deep' | 'flow-query-too-many', count: number, maximum: number): void {
    if (count > maximum) throw new FlowQueryRefusal({ code, params: { at: token().at + 1, maximum } });
  }

  function deeper<T>(parse: () => T): T {
    limited('flow-query-too-deep', ++depth, FLOW_QUERY_DEPTH);
    const found = parse();
    depth--;
    return found;
  }

  function joined(op: 'and' | 'or', part: () => FlowExpression): FlowExpression {
    const parts = [part()];
    while (took(isWord(token(), op))) parts.push(part());
    return parts.length === 1 ? parts[0]! : { op, of: parts };
  }

  const any = (): FlowExpression => joined('or', () => joined('and', term));

  function term(): FlowExpression {
    if (took(isWord(token(), 'not'))) return { op: 'not', of: deeper(term) };
    if (took(isSign('('))) {
      const inside = deeper(any);
      if (!took(isSign(')'))) throw refuse('joint-or-close');
      return inside;
    }
    const field = takeField();
    const not = took(isWord(token(), 'not'));
    const operator = takeOperator(field, not);
    const test = operator === 'in' ? among(field) : one(field, operator);
    return not !== (operator === '!=') ? { op: 'not', of: test } : test;
  }

  function takeField(): FlowFieldName {
    const { kind, text: word, at } = token();
    if (kind !== 'word') throw refuse('field');
    const name = word.toLowerCase() as FlowFieldName;
    if (!fields.includes(name)) {
      const close = closest(name, fields).join(', ');
      throw new FlowQueryRefusal({ code: 'flow-query-field', params: { at: at + 1, name: word.slice(0, 40), close } });
    }
    next++;
    return name;
  }

  function takeOperator(field: FlowFieldName, not: boolean): FlowOperator {
    const { kind, text: sign } = token();
    const operators = not ? (['in'] as const) : operatorsOf(FLOW_FIELDS[field]);
    const isOperator = kind === 'sign' ? SIGNS.includes(sign) : /^(?:in|contains|prefix)$/i.test(sign);
    const operator = operators.find((one) => one === sign.toLowerCase());
    if (kind === 'end' || !isOperator || kind === 'quoted') throw refuse('operator', operators, { field });
    if (operator === undefined) throw refuse('operator-of-field', operators);
    next++;
    return operator;
  }

  function among(field: FlowFieldName): FlowExpression {
    if (!took(isSign('('))) return one(field, 'in');
    const tests = [one(field, 'in')];
    while (took(isSign(','))) tests.push(one(field, 'in'));
    if (!took(isSign(')'))) throw refuse('comma-or-close');
    return tests.length === 1 ? tests[0]! : { op: 'or', of: tests };
  }

  function one(field: FlowFieldName, operator: FlowOperator): FlowExpression {
    limited('flow-query-too-many', ++terms, FLOW_QUERY_TERMS);
    const { kind, text: value, at } = token();
    const equality = operator === '!=' || operator === 'in' ? '=' : operator;
    if (kind !== 'word' && kind !== 'quoted') throw refuse('value', [], { field, operator });
    const is: FlowCondition | BadValue =
      equality === '=' && isWord(token(), 'none')
        ? { kind: 'none' }
        : readValue(FLOW_FIELDS[field], { operator: equality, text: value, at: at + 1, nowMs });
    if ('wanted' in is) throw refuse(is.wanted, is.known);
    next++;
    return { op: 'test', field, is };
  }

  return {
    whole(): FlowExpression | null {
      if (token().kind === 'end') return null;
      const found = any();
      if (token().kind !== 'end') throw refuse('joint');
      return found;
    },
  };
}
