export { NftError, type NftErrorCode } from './errors.ts';
export {
  decodeListing,
  differenceOf,
  type NftCount,
  type NftDifference,
  type NftListing,
} from './listing.ts';
export { type Nftables, type NftablesOptions, type NftTable, openNftables } from './nftables.ts';
