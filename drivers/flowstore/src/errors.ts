export type FlowStoreErrorCode =
  /** A value of a row does not fit its column; the batch was not stored. */
  | 'FLOWSTORE_BAD_ROW'
  /** A filter cannot be understood: of what people type, only an address can be at fault: the language of filters is read before. */
  | 'FLOWSTORE_BAD_FILTER'
  /** A cursor is not one of this list. */
  | 'FLOWSTORE_BAD_CURSOR'
  /** Another process has the store open. */
  | 'FLOWSTORE_IN_USE'
  /** Another process is storing the same batch just now. */
  | 'FLOWSTORE_BUSY'
  /** The server does not answer. */
  | 'FLOWSTORE_UNREACHABLE'
  /** The server does not let this user in, or not do what it takes. */
  | 'FLOWSTORE_REFUSED'
  /** The store was made by a newer version of the product or of its engine. */
  | 'FLOWSTORE_NEWER'
  /** A question took too long, and was given up. */
  | 'FLOWSTORE_TOO_SLOW'
  /** A question needs more memory than it may have. */
  | 'FLOWSTORE_TOO_LARGE'
  /** The store was closed. */
  | 'FLOWSTORE_CLOSED'
  /** The engine failed: disk full, out of memory, file unreadable. */
  | 'FLOWSTORE_FAILED';

export class FlowStoreError extends Error {
  readonly code: FlowStoreErrorCode;

  constructor(code: FlowStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FlowStoreError';
    this.code = code;
  }
}

export function badRow(column: string, value: string | number): FlowStoreError {
  return new FlowStoreError('FLOWSTORE_BAD_ROW', `A column ${column} cannot be ${JSON.stringify(value)}.`);
}
