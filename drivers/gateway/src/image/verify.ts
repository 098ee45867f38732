import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GatewayImageError } from '../errors.ts';
import { Manifest, measurementOf } from './manifest.ts';
import { type Release, readRelease } from './release.ts';

/** What a host needs to start a gateway. */
export interface GatewayImage {
  readonly kernel: string;
  readonly initramfs: string;
  readonly commandLine: string;
  readonly manifest: Manifest;
  /** Rises with each image that its builder lets hosts start. */
  readonly release: number;
}

/** Names of the files in an image's folder. */
export const IMAGE_FILES = {
  kernel: 'vmlinuz',
  initramfs: 'initramfs',
  manifest: 'manifest.json',
  release: 'release',
  /** For those who take the image elsewhere; whoever verifies must know the builder's key already. */
  publicKey: 'builder.pub',
} as const;

/** In a builder's cache, the image that was built last, and the key of its builder: what hosts start gateways from. */
export const CURRENT_IMAGE = { image: 'gateway-current', key: 'gateway-current.pub' } as const;

/**
 * The image in `dir`, after its builder's signature and the checksums of its files were compared. Rejects with
 * `GATEWAY_UNTRUSTED` when anything is not as its builder signed it. Links are followed once: what was verified is what is
 * handed back, although another image takes its place meanwhile.
 * @param publicKey of the builder, PEM
 */
export async function verifyGatewayImage(dir: string, publicKey: string): Promise<GatewayImage> {
  const distrust = (why: string, cause?: unknown) =>
    new GatewayImageError(`The gateway image in ${dir} ${why}; build it again with: hv gateway build`, {
      cause,
    });
  let place: string;
  let manifest: Manifest;
  let release: Release | undefined;
  try {
    place = realpathSync(dir);
    release = readRelease(readFileSync(join(place, IMAGE_FILES.release), 'utf8'), publicKey);
    if (!release) throw distrust('is not signed by its builder');
    const text = readFileSync(join(place, IMAGE_FILES.manifest), 'utf8');
    if (sha256(text) !== release.manifest) throw distrust('has another manifest than its builder signed');
    manifest = Manifest.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof GatewayImageError) throw cause;
    throw distrust('has no manifest that can be read', cause);
  }
  const file = (name: keyof typeof IMAGE_FILES) => join(place, IMAGE_FILES[name]);
  const { commandLine } = manifest;
  const sums = [await checksum(file('kernel')), await checksum(file('initramfs'))] as const;
  if (sums[0] !== manifest.kernel.sha256) throw distrust('has another kernel than its manifest says');
  if (sums[1] !== manifest.initramfs.sha256) throw distrust('has another initramfs than its manifest says');
  if (measurementOf(...sums, commandLine) !== manifest.measurement) throw distrust('does not have its measurement');
  return { kernel: file('kernel'), initramfs: file('initramfs'), commandLine, manifest, release: release.number };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function checksum(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
