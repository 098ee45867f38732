import { createHash } from 'node:crypto';
import { z } from 'zod';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Pin = z.object({
  name: z.string().max(255),
  version: z.string().max(255),
  architecture: z.string().max(32),
  sha256: Sha256,
});
const Part = z.object({ size: z.int().min(0), sha256: Sha256 });

/** What an image is and what it is made of: its bill of materials. The same inputs give the same bytes. */
export const Manifest = z.object({
  format: z.literal(1),
  /** Key of the recipe; the gateway says it when it is ready. */
  build: z.string().regex(/^[0-9a-f]{16}$/),
  /** For people; an input of the image like any other. */
  version: z.string().min(1).max(64),
  /** Over kernel, initramfs and command line: what a host measures before it starts a gateway. */
  measurement: Sha256,
  kernel: Part.extend({ version: z.string().max(255) }),
  initramfs: Part,
  commandLine: z.string().max(2047),
  node: z.object({ version: z.string().max(64), sha256: Sha256 }),
  packages: z.array(Pin).max(1000),
  tools: z.array(Pin).max(1000),
  /** Engines that the distribution does not have. */
  lacking: z.array(z.string().max(64)).max(100),
  /** Every file inside. */
  files: z.array(Part.extend({ path: z.string().max(4096) })).max(10_000),
});
export type Manifest = z.infer<typeof Manifest>;

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 1)}\n`;

/** One value for all that decides what a gateway does when it starts. */
export const measurementOf = (kernel: string, initramfs: string, commandLine: string): string =>
  sha256(['hypervigil-gateway-1', kernel, initramfs, sha256(commandLine), ''].join('\n'));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
