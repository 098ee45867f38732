import type { FieldMistake } from '@hypervigil/model';

/** Where something stands in a file; both begin at 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What only a file can have wrong, and what its words need. Fields have the codes of the API besides. */
export interface FileMistakeParams {
  'file-too-large': { maximum: number };
  'not-yaml': { reason: string };
  'not-xml': { reason: string };
  'too-deep': { maximum: number };
  'no-anchors': Record<string, never>;
  'no-tags': Record<string, never>;
  'key-twice': { key: string };
  'one-document': Record<string, never>;
  'not-a-policy-set': { apiVersion: string; kind: string };
  'unknown-name': { what: Named; name: string };
  'ambiguous-name': { what: Named; name: string; ids: string };
}
export type FileMistakeCode = keyof FileMistakeParams;
/** Things that a document names. */
export type Named =
  | 'group'
  | 'tenant'
  | 'vm'
  | 'network'
  | 'address-set'
  | 'schedule'
  | 'named-service'
  | 'gateway-group'
  | 'mirror';

export type FileMistake = {
  [C in FileMistakeCode]: { readonly field: string; readonly code: C; readonly params: FileMistakeParams[C] };
}[FileMistakeCode];

/** Something that is wrong in a document: where it stands, which field it is, and what would be right. */
export type DocumentMistake = (FileMistake | FieldMistake) & Place;

/** What a reader found: a value, or everything that is wrong with it. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly mistakes: readonly DocumentMistake[] };

export const START: Place = { line: 1, column: 1 };
