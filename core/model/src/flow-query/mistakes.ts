import type { FlowFieldName, FlowOperator, NamedThing } from './fields.ts';

/** What could have stood at a place where something else stands. */
export const FLOW_QUERY_EXPECTATIONS = [
  'field',
  'operator',
  'operator-of-field',
  'value',
  'open-list',
  'comma-or-close',
  'joint',
  'joint-or-close',
  'end-quote',
  'address',
  'id',
  'number',
  'size',
  'duration',
  'instant',
  'country',
  'asn',
  'protocol',
  'flag',
  'risk',
  'choice',
] as const;
export type FlowQueryExpectation = (typeof FLOW_QUERY_EXPECTATIONS)[number];

/** What is wrong with a filter, and where: `at` is a character's place, from 1. */
export type FlowQueryMistake =
  /** `known`: what may stand there, where that is a list; with commas between. */
  | {
      readonly code: 'flow-query-syntax';
      readonly params: { at: number; wanted: FlowQueryExpectation; found: string; known: string };
    }
  /** `close`: fields that may have been meant, with commas between. */
  | { readonly code: 'flow-query-field'; readonly params: { at: number; name: string; close: string } }
  | {
      readonly code: 'flow-query-name';
      readonly params: { at: number; thing: NamedThing; name: string; close: string };
    }
  | { readonly code: 'flow-query-too-deep'; readonly params: { at: number; maximum: number } }
  | { readonly code: 'flow-query-too-many'; readonly params: { at: number; maximum: number } }
  | { readonly code: 'too-long'; readonly params: { maximum: number } };

/** Where a parser stood: of which field it wanted an operator or a value, and how many parentheses were open. */
export interface Place {
  readonly wanted: FlowQueryExpectation;
  readonly field?: FlowFieldName | undefined;
  readonly operator?: FlowOperator | undefined;
}

export class FlowQueryRefusal extends Error {
  readonly mistake: FlowQueryMistake;
  /** Set when the text ended too early. */
  readonly place: Place | undefined;

  constructor(mistake: FlowQueryMistake, place?: Place) {
    super(mistake.code);
    this.mistake = mistake;
    this.place = place;
  }
}
