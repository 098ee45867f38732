/** What can go wrong in the engine; a caller decides by `code`, a person reads the message. */
export type EngineErrorCode =
  | 'bad-config' // flags or environment; the message lists every mistake
  | 'not-enrolled' // no identity on disk: `join` first
  | 'already-enrolled' // an identity is there and may not be overwritten unasked
  | 'fingerprint-mismatch' // the platform does not show the pinned authority
  | 'enrolment-refused' // the platform refused the token or the request
  | 'bad-identity' // the identity on disk cannot be read
  | 'bad-frame' // the platform sent what is no message of the contract
  | 'bad-intent' // the stored intent is damaged
  | 'old-image' // its builder has released another gateway image since
  | 'spool-full' // the disk under the spool takes no more
  | 'libvirt-away' // no session with libvirt
  | 'switch-away' // no session with Open vSwitch
  | 'bad-task'; // a task whose parameters make no sense

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The message with those of its causes, for logs and reports. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at !== undefined && parts.length < 8; at = at instanceof Error ? at.cause : undefined) {
    parts.push(at instanceof Error ? at.message : String(at));
  }
  return parts.join(': ');
}
