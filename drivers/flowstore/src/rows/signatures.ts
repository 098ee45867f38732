import { Signature } from '@hypervigil/model';

export const formatSignatures = (signatures: readonly Signature[]): string | null =>
  signatures.length === 0 ? null : JSON.stringify(signatures);

export const parseSignatures = (text: string | null): Signature[] =>
  text === null ? [] : (JSON.parse(text) as unknown[]).map((one) => Signature.parse(one));

/** What stands in the column where a signature with this number does, and nowhere else: within a text its quotes are escaped. */
export const withSignature = (id: number): string => `"id":${id},`;
