/** What can go wrong between a host and its gateway; a caller decides by `code`, a person reads the message. */
export type GatewayLinkErrorCode =
  | 'too-large' // a frame would be longer than the other side accepts
  | 'unreachable' // there is no such socket, or nobody behind it
  | 'closed'; // the channel ended

export class GatewayLinkError extends Error {
  override readonly name = 'GatewayLinkError';
  readonly code: GatewayLinkErrorCode;

  constructor(code: GatewayLinkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An image is not what its builder signed. */
export class GatewayImageError extends Error {
  override readonly name = 'GatewayImageError';
  readonly code = 'GATEWAY_UNTRUSTED';
}
