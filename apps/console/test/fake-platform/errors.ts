import { ERROR_STATUS, type ErrorCode, type Problem } from '@hypervigil/model';

export class Refused extends Error {
  readonly code: ErrorCode;
  readonly problems: Problem[];
  readonly params: Record<string, string | number>;
  constructor(
    code: ErrorCode,
    message: string,
    problems: Problem[] = [],
    params: Record<string, string | number> = {},
  ) {
    super(message);
    this.code = code;
    this.problems = problems;
    this.params = params;
  }
  get status() {
    return ERROR_STATUS[this.code];
  }
}
