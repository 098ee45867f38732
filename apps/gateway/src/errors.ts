/** What can go wrong with a gateway's image. Codes are stable; messages say what failed and what to do. */
export type GatewayErrorCode =
  | 'GATEWAY_USAGE' // the command was written wrongly
  | 'GATEWAY_PACKAGES' // packages of the distribution cannot be had, or are not what they should be
  | 'GATEWAY_IMAGE'; // the image cannot be made of what there is

export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: GatewayErrorCode;

  constructor(code: GatewayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
