export type PipelineErrorCode =
  | 'too-many-rules'
  | 'conflicting-flows'
  | 'duplicate-rule'
  | 'reserved-rule'
  | 'number-too-large';

/** A rule set that cannot become flows. Nothing of it has been applied. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly code: PipelineErrorCode;

  constructor(code: PipelineErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
