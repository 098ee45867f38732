import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type GatewayImage, IMAGE_FILES, verifyGatewayImage } from '@hypervigil/gateway-link';
import { describeError, EngineError } from '../errors.ts';

/** Which image a host would start a gateway from now; `reason` says why none. */
export interface AvailableImage {
  readonly measurement: string | null;
  readonly version: string | null;
  readonly reason: string | null;
}

/** The image that this host starts gateways from. */
export interface ImageSource {
  /**
   * Verified now: its builder's signature, its files, its measurement. Rejects when it cannot be trusted, is not there, or
   * with `old-image` when its builder has released another since.
   * @param floor number of the newest release that this host has started: it goes back to none before
   */
  verify(floor: number): Promise<GatewayImage>;
  /** What came of verifying last. Looks again when the files have changed. */
  look(floor: number): Promise<AvailableImage>;
}

/** @param key file with the builder's public key, PEM */
export function createImageSource({ dir, key }: { readonly dir: string; readonly key: string }): ImageSource {
  let seen: { readonly mark: string; readonly available: AvailableImage } | undefined;
  const verify = async (floor: number): Promise<GatewayImage> => {
    const image = await verifyGatewayImage(dir, await readFile(key, 'utf8'));
    if (image.release >= floor) return image;
    throw new EngineError(
      'old-image',
      `The gateway image in ${dir} is release ${image.release}, and this host has started release ${floor}. ` +
        'To go back on purpose, release it anew with the hv gateway build that made it',
    );
  };
  const markOf = async (floor: number): Promise<string> => {
    const files = [key, ...Object.values(IMAGE_FILES).map((name) => path.join(dir, name))];
    const marks = await Promise.all(
      files.map((file) =>
        stat(file).then(
          ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
          () => 'none',
        ),
      ),
    );
    return [floor, ...marks].join();
  };
  return {
    verify,
    async look(floor) {
      const mark = await markOf(floor);
      if (seen?.mark !== mark) {
        const available = await verify(floor).then(
          ({ manifest: { measurement, version } }) => ({ measurement, version, reason: null }),
          (error: unknown) => ({ measurement: null, version: null, reason: describeError(error) }),
        );
        seen = { mark, available };
      }
      return seen.available;
    },
  };
}
