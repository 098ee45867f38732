/** What can go wrong between us and nftables; a caller decides by `code`, a person reads the message. */
export type NftErrorCode =
  | 'missing' // there is no such program on this host
  | 'refused' // nft or the kernel refused the transaction: nothing of it holds
  | 'timeout' // nft did not end in time; whether the transaction holds is unknown
  | 'bad-output'; // nft answered what is no listing

export class NftError extends Error {
  override readonly name = 'NftError';
  readonly code: NftErrorCode;

  constructor(code: NftErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
