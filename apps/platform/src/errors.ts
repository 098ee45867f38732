import { type ApiErrorBody, ERROR_STATUS, type ErrorCode, type Problem } from '@hypervigil/model';

type Params = ApiErrorBody['params'];

/** An answer that is an error, thrown anywhere below a handler. Nothing that the handler wrote is kept. */
export class ApiFailure extends Error {
  readonly code: ErrorCode;
  readonly params: Params;
  readonly problems: readonly Problem[];

  constructor(
    code: ErrorCode,
    message: string,
    detail: { params?: Params; problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'ApiFailure';
    this.code = code;
    this.params = detail.params ?? {};
    this.problems = detail.problems ?? [];
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

export function notFound(what: string, id: string): ApiFailure {
  return new ApiFailure('not-found', `There is no ${what} ${id}.`, { params: { what, id } });
}

/** A field that is well formed and still cannot be: an id of nothing, a value that another row has. */
export function badField(field: string, code: string, message: string): ApiFailure {
  return new ApiFailure('invalid-request', `The request is not valid: ${field}: ${message}`, {
    problems: [{ field, code, message }],
  });
}

/** What stops the platform from starting. The message is for the person who starts it. */
export class StartError extends Error {
  readonly code: 'bad-config' | 'bad-key-file' | 'bad-listener';
  constructor(code: StartError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
    this.code = code;
  }
}
