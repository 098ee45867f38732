import { z } from 'zod';
import { isSigned } from './signature.ts';

/**
 * What a builder signs: which image hosts may start, by its manifest, and a number that rises with each that it lets them
 * start. So a host knows an older image that was signed once from one that its builder wants now.
 */
export const Release = z.object({
  format: z.literal(1),
  number: z.int().min(1),
  /** SHA-256 of the manifest's bytes. */
  manifest: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Release = z.infer<typeof Release>;

/** A line of JSON, and one with the signature over it. */
export const releaseText = (release: Release, sign: (text: string) => string): string => {
  const text = JSON.stringify(release);
  return `${text}\n${sign(text)}\n`;
};

/** Undefined when the builder with this key did not sign it. */
export function readRelease(text: string, publicKey: string): Release | undefined {
  const [signed = '', signature = ''] = text.split('\n', 2);
  if (!isSigned(signed, signature, publicKey)) return undefined;
  return Release.safeParse(JSON.parse(signed)).data;
}
