export type IpfixErrorCode =
  /** The collector's address could not be listened on. */
  | 'IPFIX_BIND_FAILED'
  /** A message does not fit: more than 65,535 octets, or a value that its field cannot hold. */
  | 'IPFIX_BAD_MESSAGE';

export class IpfixError extends Error {
  readonly code: IpfixErrorCode;

  constructor(code: IpfixErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IpfixError';
    this.code = code;
  }
}
