/** What can go wrong between us and Open vSwitch; a caller decides by `code`, a person reads the message. */
export type OvsErrorCode =
  | 'connect-failed' // the socket does not exist, refuses, or does not answer in time
  | 'closed' // the session ended, by us or by the peer, before the answer came
  | 'timeout' // the peer is there and does not answer
  | 'protocol' // the peer sent bytes that the protocol does not allow
  | 'too-large' // the peer sent, or was to be sent, more than the bound
  | 'rpc-error' // the peer answered with an error (OVSDB, unixctl)
  | 'openflow-error' // the switch answered with an OFPT_ERROR
  | 'transaction-failed' // OVSDB refused one operation of a transaction
  | 'unknown-field' // a match names a field that this driver does not know
  | 'unknown-action' // actions name an action that this driver does not know
  | 'bad-value' // a field's or an action's argument has the wrong form
  | 'not-found' // there is no such bridge
  | 'unsupported' // the switch is too old or is built without what is asked
  | 'bad-output'; // an answer in text does not have the expected form

export interface OvsErrorDetails {
  readonly cause?: unknown;
  /** Code-specific facts for machines: OpenFlow type and code, the failing flow, the OVSDB error tag. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export class OvsError extends Error {
  override readonly name = 'OvsError';
  readonly code: OvsErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: OvsErrorCode, message: string, { cause, details = {} }: OvsErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = Object.freeze({ ...details });
  }
}
