import { FlowStoreError, type FlowStoreErrorCode } from '../errors.ts';

/** What the server answered instead of a result. */
export class ServerError extends Error {
  /** ClickHouse's number of the error (ErrorCodes.cpp), null where it said none. */
  readonly number: number | null;

  constructor(message: string) {
    super(message.slice(0, 2000));
    this.name = 'ServerError';
    const number = /^Code: (\d+)/.exec(message)?.[1];
    this.number = number === undefined ? null : Number(number);
  }
}

/** There was no answer: the server may have done what it was asked for, or not. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** We did not wait any longer. */
  readonly isLate: boolean;

  constructor(cause: Error, isLate: boolean) {
    super(cause.message, { cause });
    this.isLate = isLate;
  }
}

/** TIMEOUT_EXCEEDED, TOO_SLOW, QUERY_WAS_CANCELLED. */
const TOO_SLOW = [159, 160, 394];
/** MEMORY_LIMIT_EXCEEDED, TOO_MANY_ROWS_OR_BYTES. */
const TOO_LARGE = [241, 396];
/** READONLY, UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, IP_ADDRESS_NOT_ALLOWED, DATABASE_ACCESS_DENIED, ACCESS_DENIED, AUTHENTICATION_FAILED. */
const REFUSED = [164, 192, 193, 194, 195, 291, 497, 516];

export const tooSlow = (cause: unknown): FlowStoreError =>
  new FlowStoreError('FLOWSTORE_TOO_SLOW', 'The question took too long and was given up. Ask for less.', { cause });

/** Gives an error our code. */
export function engineError(cause: unknown): FlowStoreError {
  if (cause instanceof FlowStoreError) return cause;
  const of = (code: FlowStoreErrorCode, message: string) => new FlowStoreError(code, message, { cause });
  if (cause instanceof NoAnswer) return of('FLOWSTORE_UNREACHABLE', 'The flow store does not answer.');
  const number = cause instanceof ServerError ? (cause.number ?? 0) : 0;
  if (TOO_SLOW.includes(number)) return tooSlow(cause);
  if (TOO_LARGE.includes(number))
    return of('FLOWSTORE_TOO_LARGE', 'The question needs more memory than it may have. Ask for less.');
  if (REFUSED.includes(number))
    return of('FLOWSTORE_REFUSED', 'The flow store refused the user, the password or what they may do.');
  return of('FLOWSTORE_FAILED', 'The flow store failed; see the cause.');
}
