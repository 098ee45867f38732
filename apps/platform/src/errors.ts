import { errorText, type Language, problemOf } from '@hypervigil/contract';
import {
  type ApiErrorBody,
  ERROR_STATUS,
  type ErrorCode,
  type ErrorParams,
  type FieldMistake,
  type Mistake,
  type Thing,
} from '@hypervigil/model';

/** More than anybody mends at once. */
const MAX_MISTAKES = 50;

/** An answer that is an error, thrown anywhere below a handler. Nothing that the handler wrote is kept. */
export class ApiFailure<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly params: ErrorParams[C];
  readonly mistakes: readonly FieldMistake[];

  constructor(code: C, params: ErrorParams[C], detail: { mistakes?: readonly FieldMistake[]; cause?: unknown } = {}) {
    super(errorText('en', { code, params, message: code }), detail.cause === undefined ? {} : { cause: detail.cause });
    this.name = 'ApiFailure';
    this.code = code;
    this.params = params;
    this.mistakes = (detail.mistakes ?? []).slice(0, MAX_MISTAKES);
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }

  /** In the words of a language; the message of a request that is not valid ends with its first problem. */
  body(language: Language, requestId: string): ApiErrorBody {
    const { code, params } = this;
    const problems = this.mistakes.map((mistake) => problemOf(language, mistake));
    const [first] = problems;
    const lead = errorText(language, { code, params, message: this.message });
    const message = first === undefined ? lead : `${lead} ${first.field || 'body'}: ${first.message}`;
    return { code, message, params, problems, requestId };
  }
}

export const notFound = (what: Thing, id: string) => new ApiFailure('not-found', { what, id });

/** A field that is well formed and still cannot be: an id of nothing, a value that another row has. */
export const badField = (field: string, mistake: Mistake) =>
  new ApiFailure('invalid-request', {}, { mistakes: [{ field, ...mistake }] });

export const unknownId = (field: string, what: Thing) => badField(field, { code: 'unknown-id', params: { what } });

/** What stops the platform from starting. The message is for the person who starts it. */
export class StartError extends Error {
  readonly code: 'bad-config' | 'bad-directory' | 'bad-key-file' | 'bad-listener';
  constructor(code: StartError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
    this.code = code;
  }
}
