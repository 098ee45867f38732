import { errorText, problemOf } from '@hypervigil/contract';
import {
  type ApiErrorBody,
  ERROR_STATUS,
  type ErrorCode,
  type ErrorParams,
  type FieldMistake,
} from '@hypervigil/model';

export class Refused<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly params: ErrorParams[C];
  readonly mistakes: readonly FieldMistake[];
  constructor(code: C, params: ErrorParams[C], mistakes: readonly FieldMistake[] = []) {
    super(errorText('en', { code, params, message: code }));
    this.code = code;
    this.params = params;
    this.mistakes = mistakes;
  }
  get status() {
    return ERROR_STATUS[this.code];
  }
  body(requestId: string): ApiErrorBody {
    const { code, message, params } = this;
    return { code, message, params, problems: this.mistakes.map((one) => problemOf('en', one)), requestId };
  }
}
