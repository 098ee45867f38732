/** What can go wrong in the lab. Codes are stable; messages say what failed and what to do. */
export type LabErrorCode =
  | 'LAB_BAD_NAME'
  | 'LAB_NOT_UP'
  | 'LAB_FOREIGN'
  | 'LAB_BUSY'
  | 'LAB_PREFLIGHT'
  | 'LAB_COMMAND'
  | 'LAB_TIMEOUT'
  | 'LAB_STATE'
  | 'LAB_IMAGE'
  | 'LAB_PROCESS'
  | 'LAB_VM'
  | 'LAB_GUEST'
  | 'LAB_USAGE';

export class LabError extends Error {
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'LabError';
    this.code = code;
  }
}
