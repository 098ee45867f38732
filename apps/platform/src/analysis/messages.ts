import type { ErrorCode, FieldMistake } from '@hypervigil/model';
import type { PostgresConnection } from '@hypervigil/postgres';

export interface WorkerData {
  readonly connection: PostgresConnection;
}

/** To the worker. */
export type Request =
  | { readonly type: 'run'; readonly id: number; readonly operation: string; readonly input: unknown }
  | { readonly type: 'cancel'; readonly id: number };

/** Back. Errors of ours do not survive the way as what they are. */
export type Reply = { readonly id: number } & (
  | { readonly type: 'done'; readonly answer: unknown }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly params: object; readonly mistakes: FieldMistake[] }
  | { readonly type: 'failed'; readonly error: unknown }
);
