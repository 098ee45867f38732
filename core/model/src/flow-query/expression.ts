import type { FlowFieldName } from './fields.ts';

/**
 * Which flows, as people type it:
 *
 *     src.tenant = acme and verdict = deny and (bytes > 1MB or dst.ip in (10.0.0.0/8, fd00::/8)) and time > -1h
 *
 * `not` binds closest, then `and`, then `or`; keywords in either case. Whatever is not made of letters, digits and
 * `. _ - / : @ + %` stands in double quotes, with `\` before a quote or backslash of its own.
 */
export type FlowExpression =
  | { readonly op: 'and' | 'or'; readonly of: readonly FlowExpression[] }
  | { readonly op: 'not'; readonly of: FlowExpression }
  | FlowTest;

/** A field that speaks of both ends is true when it is true of one of them. */
export interface FlowTest {
  readonly op: 'test';
  readonly field: FlowFieldName;
  readonly is: FlowCondition;
}

/** What is asked of a field's value. Of one that has several, such as risks, one of them is enough. */
export type FlowCondition =
  /** That it has none. */
  | { readonly kind: 'none' }
  /** In whatever case; `text` is folded already ({@link foldCase}). */
  | { readonly kind: 'text'; readonly how: TextMatch; readonly text: string }
  /** Whole numbers, both ends included; without an end where it is infinite. */
  | { readonly kind: 'within'; readonly low: number; readonly high: number }
  | { readonly kind: 'address'; readonly low: bigint; readonly high: bigint }
  /** Ids in lower case, or numbers. */
  | { readonly kind: 'one-of'; readonly values: readonly (string | number)[] }
  /** A name that is still to be looked up ({@link resolveNames}). `at` is its place, from 1. */
  | { readonly kind: 'named'; readonly how: TextMatch; readonly name: string; readonly at: number };

export type TextMatch = 'equals' | 'contains' | 'prefix';

/** Characters that a filter may have. */
export const FLOW_QUERY_LENGTH = 2_000;
/** Parentheses and `not` within each other. */
export const FLOW_QUERY_DEPTH = 16;
/** Values that are asked for, all together. */
export const FLOW_QUERY_TERMS = 100;

/** Letter by letter, so that it is the same here and in every engine: of a letter that would become several, the first. */
export function foldCase(text: string): string {
  let folded = '';
  for (const letter of text) folded += String.fromCodePoint(letter.toLowerCase().codePointAt(0)!);
  return folded;
}
