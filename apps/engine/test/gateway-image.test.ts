import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { IMAGE_FILES, manifestText, measurementOf, releaseText } from '@hypervigil/gateway-link';
import { createImageSource } from '../src/gateways/image.ts';

const dir = mkdtempSync(join(tmpdir(), 'hv-engine-image-'));
after(() => rmSync(dir, { recursive: true }));

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const signed = (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64');
const key = join(dir, 'builder.pub');
writeFileSync(key, publicKey.export({ type: 'spki', format: 'pem' }));

/** Puts an image of almost nothing in the folder's place, as a builder's release of this number. */
function release(number: number, version: string): void {
  const part = (text: string) => ({ size: text.length, sha256: sha256(text) });
  const manifest = manifestText({
    ...{ format: 1, build: '0123456789abcdef', version, commandLine: 'quiet', packages: [], tools: [], lacking: [] },
    measurement: measurementOf(sha256('kernel'), sha256(version), 'quiet'),
    kernel: { ...part('kernel'), version: '6.1' },
    initramfs: part(version),
    node: { version: 'v26', sha256: sha256('node') },
    files: [],
  });
  const text = releaseText({ format: 1, number, manifest: sha256(manifest) }, signed);
  const files = { kernel: 'kernel', initramfs: version, manifest, release: text };
  for (const [name, data] of Object.entries(files))
    writeFileSync(join(dir, IMAGE_FILES[name as keyof typeof files]), data);
}

test('a host starts what its builder released last, and goes back to nothing older', async () => {
  const source = createImageSource({ dir, key });
  release(5, '1.0');
  assert.equal((await source.verify(0)).release, 5);
  const { version, measurement, reason } = await source.look(0);
  assert.deepEqual([version, reason], ['1.0', null]);
  release(7, '1.1-beta');
  const newer = await source.look(5);
  assert.equal(newer.version, '1.1-beta');
  assert.notEqual(newer.measurement, measurement);
  release(5, '1.0');
  await assert.rejects(source.verify(7), { code: 'old-image' });
  const refused = await source.look(7);
  assert.equal(refused.measurement, null);
  assert.match(refused.reason!, /release 5, and this host has started release 7/);
  release(80, '1.0');
  assert.equal((await source.look(7)).measurement, measurement);
});
