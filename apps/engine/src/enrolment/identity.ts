import { X509Certificate } from 'node:crypto';
import path from 'node:path';
import { Id } from '@hypervigil/model';
import { z } from 'zod';
import { EngineError } from '../errors.ts';
import { readIfThere, writeDurably } from '../files/durable.ts';

/** Who this host is to the platform. One file, so that key, certificate and authority change together. */
const Identity = z.object({
  platform: z.url(),
  hostId: Id,
  hostName: z.string(),
  /** PEM. */
  key: z.string(),
  certificate: z.string(),
  ca: z.string(),
});
export type Identity = z.infer<typeof Identity>;

const fileOf = (stateDir: string): string => path.join(stateDir, 'identity.json');

/** undefined before the host has joined. Rejects with `bad-identity` when the file cannot be understood. */
export async function loadIdentity(stateDir: string): Promise<Identity | undefined> {
  const text = await readIfThere(fileOf(stateDir));
  if (text === undefined) return undefined;
  try {
    return Identity.parse(JSON.parse(text));
  } catch (cause) {
    throw new EngineError('bad-identity', `${fileOf(stateDir)} is damaged: remove it and join again`, { cause });
  }
}

/** Readable by its owner only: the private key is in it. */
export function saveIdentity(stateDir: string, identity: Identity): Promise<void> {
  return writeDurably(fileOf(stateDir), JSON.stringify(identity, null, 1), 0o600);
}

/** The moment, in milliseconds since 1970, at which two thirds of a certificate's life are over. */
export function renewalTime(certificate: string): number {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  return validFromDate.getTime() + ((validToDate.getTime() - validFromDate.getTime()) * 2) / 3;
}
