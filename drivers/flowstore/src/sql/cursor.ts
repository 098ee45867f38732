import { FlowStoreError } from '../errors.ts';
import type { FlowOrder } from '../store.ts';

/** The last flow of a page: where the next one goes on. Opaque to callers. */
export interface Cursor {
  readonly order: FlowOrder;
  readonly value: number;
  readonly id: string;
}

export function encodeCursor({ order, value, id }: Cursor): string {
  return Buffer.from(JSON.stringify([order, value, id])).toString('base64url');
}

/** @throws FlowStoreError `FLOWSTORE_BAD_CURSOR` */
export function decodeCursor(text: string, order: FlowOrder): Cursor {
  const [inOrder, value, id] = parse(text);
  if (inOrder === order && Number.isSafeInteger(value) && typeof id === 'string') {
    return { order, value: value as number, id };
  }
  throw new FlowStoreError('FLOWSTORE_BAD_CURSOR', 'The cursor does not belong to this list. Begin at its first page.');
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text.slice(0, 500), 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
