import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type BuildOptions, buildGateway } from '../src/index.ts';

const CACHE = process.env['HV_CACHE_DIR'] ?? '/var/cache/hypervigil';
const scratch = mkdtempSync('/var/tmp/hv-build-');
after(() => rmSync(scratch, { recursive: true }));

test('two builders with nothing in common but the inputs make the same image', { timeout: 600_000 }, async () => {
  const keyFile = join(CACHE, 'gateway-builder.pem');
  const one = await buildGateway({ cacheDir: CACHE, keyFile });
  const other = await buildGateway({ cacheDir: scratch, keyFile: join(scratch, 'key.pem') });
  assert.notEqual(other.dir, one.dir);
  assert.notEqual(other.publicKey, one.publicKey);
  assert.equal(other.manifest.measurement, one.manifest.measurement);
  const manifest = (dir: string) => readFileSync(join(dir, 'manifest.json'), 'utf8');
  assert.equal(manifest(other.dir), manifest(one.dir));
  assert.ok(!manifest(one.dir).includes(CACHE), 'no path of this machine');
});

test('an engine that the distribution lacks, or a suite that there is not, is said plainly', {
  timeout: 600_000,
}, async () => {
  const keyFile = join(CACHE, 'gateway-builder.pem');
  const { manifest } = await buildGateway({ cacheDir: CACHE, keyFile });
  const build = (more: Partial<BuildOptions>) => buildGateway({ cacheDir: scratch, keyFile, ...more });
  if (manifest.lacking.includes('suricata'))
    await assert.rejects(build({ engines: ['suricata'] }), {
      code: 'GATEWAY_PACKAGES',
      message: /has no suricata.*--suite/,
    });
  await assert.rejects(build({ suite: 'nosuchsuite' }), {
    code: 'GATEWAY_PACKAGES',
    message: /nosuchsuite cannot be had/,
  });
  await assert.rejects(build({ suite: '../x' }), { code: 'GATEWAY_USAGE' });
});
