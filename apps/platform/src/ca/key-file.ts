import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what the database keeps but may not know: a copy of the database alone gives nobody our authority. */
export interface Vault {
  /** @param about whose it is: what was sealed for one cannot be opened as another's (associated data) */
  seal(plain: Buffer, about?: string): Buffer;
  /** @throws StartError `bad-key-file` when it was sealed with another key, or about something else */
  open(sealed: Buffer, about?: string): Buffer;
}

/**
 * The key of this installation, made on first use. Platform processes of one database need the same file.
 * AES-256-GCM (NIST SP 800-38D) with a random nonce: `nonce | tag | ciphertext`.
 */
export async function openVault(stateDir: string): Promise<Vault> {
  const path = join(stateDir, 'platform.key');
  const key = (await readKey(path)) ?? (await makeKey(path));
  return {
    seal(plain, about = '') {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    open(sealed, about = '') {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES)).setAAD(Buffer.from(about));
      decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      } catch (cause) {
        throw new StartError(
          'bad-key-file',
          `${path} is not the key that this database was begun with. Restore that file from its backup.`,
          { cause },
        );
      }
    },
  };
}

async function readKey(path: string): Promise<Buffer | undefined> {
  const key = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartError('bad-key-file', `${path} cannot be read.`, { cause: error });
  });
  if (key !== undefined && key.length !== KEY_BYTES)
    throw new StartError(
      'bad-key-file',
      `${path} does not hold a key of ${KEY_BYTES} bytes. Restore it from its backup.`,
    );
  return key;
}

/** Whole or not at all, and never over another process's: `link` fails where a file is. */
async function makeKey(path: string): Promise<Buffer> {
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, randomBytes(KEY_BYTES), { mode: 0o600 });
  await link(partial, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(partial, { force: true });
  return (await readKey(path))!;
}
