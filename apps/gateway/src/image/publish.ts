import type { KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CURRENT_IMAGE, IMAGE_FILES, type Release, readRelease, releaseText } from '@hypervigil/gateway-link';
import { sha256 } from './packages.ts';
import { publicKeyText, signText } from './signature.ts';

/** Lets hosts start an image: writes the signed release into its folder, as a whole. */
export function writeRelease(dir: string, number: number, key: KeyObject): void {
  const manifest = sha256(readFileSync(join(dir, IMAGE_FILES.manifest)));
  const text = releaseText({ format: 1, number, manifest }, (signed) => signText(signed, key));
  replaceFile(join(dir, IMAGE_FILES.release), text);
}

/**
 * Makes an image the current one in a folder, with its builder's key beside it. One that was current before, and is to be
 * again, is released anew: hosts do not go back to an older release by themselves.
 * @returns the number of the new release, if it took one
 */
export function publishImage(dir: string, into: string, key: KeyObject): number | undefined {
  mkdirSync(into, { recursive: true });
  const link = join(into, CURRENT_IMAGE.image);
  const publicKey = publicKeyText(key);
  const before = releaseOf(link, publicKey);
  const own = releaseOf(dir, publicKey);
  let number: number | undefined;
  if (before && own && before.manifest !== own.manifest && before.number >= own.number) {
    number = Math.max(Date.now(), before.number + 1);
    writeRelease(dir, number, key);
  }
  replaceFile(join(into, CURRENT_IMAGE.key), publicKey);
  if (before && realpathSync(link) === realpathSync(dir)) return number;
  const fresh = `${link}.${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(dir, fresh);
  renameSync(fresh, link);
  return number;
}

function releaseOf(dir: string, publicKey: string): Release | undefined {
  try {
    return readRelease(readFileSync(join(dir, IMAGE_FILES.release), 'utf8'), publicKey);
  } catch {
    // There is none, or none that anybody can read.
    return undefined;
  }
}

function replaceFile(file: string, text: string): void {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}
