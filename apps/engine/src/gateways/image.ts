import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type GatewayImage, IMAGE_FILES, verifyGatewayImage } from '@hypervigil/gateway-link';
import { describeError } from '../errors.ts';

/** The image that this host starts gateways from. */
export interface ImageSource {
  /** Verified now: its builder's signature, its files, its measurement. Rejects when it cannot be trusted or is not there. */
  verify(): Promise<GatewayImage>;
  /** Of what was verified last, and why that failed. Looks again when the files have changed. */
  look(): Promise<{ readonly measurement: string | null; readonly reason: string | null }>;
}

/** @param key file with the builder's public key, PEM */
export function createImageSource({ dir, key }: { readonly dir: string; readonly key: string }): ImageSource {
  let seen: { readonly mark: string; readonly measurement: string | null; readonly reason: string | null } | undefined;
  const verify = async () => verifyGatewayImage(dir, await readFile(key, 'utf8'));
  const markOf = async (): Promise<string> => {
    const files = [key, ...Object.values(IMAGE_FILES).map((name) => path.join(dir, name))];
    const marks = await Promise.all(
      files.map((file) =>
        stat(file).then(
          ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
          () => 'none',
        ),
      ),
    );
    return marks.join();
  };
  return {
    verify,
    async look() {
      const mark = await markOf();
      if (seen?.mark !== mark) {
        seen = await verify().then(
          ({ manifest }) => ({ mark, measurement: manifest.measurement, reason: null }),
          (error: unknown) => ({ mark, measurement: null, reason: describeError(error) }),
        );
      }
      return seen;
    },
  };
}
