import assert from 'node:assert/strict';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { REPOSITORY } from '../src/cloud/program.ts';
import { cached } from '../src/image/cache.ts';
import { locateLab } from '../src/index.ts';
import { run, runOk } from '../src/run.ts';

/** The suite of Debian whose nftables takes the place of this machine's: 1.1 reads its input otherwise than 1.0. */
const SUITE = process.env['HV_NFT'];
/** All that is tested with a real nft. */
const TESTS = [
  'drivers/nftables/test/nftables.real.test.ts',
  'core/host-firewall/test/filter.real.test.ts',
  'apps/engine/test/host-firewall.real.test.ts',
];
const TIMEOUT_MS = 600_000;

describe("the host's firewall on another nftables", {
  skip: SUITE === undefined && 'at night: HV_NFT names a suite of Debian, whose nftables it fetches (18 MB)',
}, () => {
  const bin = mkdtempSync(join(tmpdir(), 'hv-nft-'));
  const calls = join(bin, 'calls');
  before(
    async () => {
      const root = await cached(locateLab().cacheDir, 'nftables', SUITE!, async (dir) => {
        const options = ['--quiet', '--variant=extract', '--include=nftables'];
        await runOk(['mmdebstrap', ...options, SUITE!, join(dir, 'root')], { timeoutMs: TIMEOUT_MS });
      });
      const [loader] = globSync(join(root, 'root/usr/lib/*-linux-gnu*/ld-linux-*.so.*'));
      assert.ok(loader, 'its dynamic loader');
      const nft = [loader, '--library-path', dirname(loader), join(root, 'root/usr/sbin/nft')];
      writeFileSync(join(bin, 'nft'), `#!/bin/sh\necho "$@" >>${calls}\nexec ${nft.join(' ')} "$@"\n`);
      chmodSync(join(bin, 'nft'), 0o755);
    },
    { timeout: TIMEOUT_MS },
  );
  after(() => rmSync(bin, { recursive: true }));

  test('it is another one', async (t) => {
    const [own, other] = [await runOk(['nft', '--version']), await runOk([join(bin, 'nft'), '--version'])];
    t.diagnostic(`${other.trim()} beside ${own.trim()}`);
    assert.match(other, /^nftables v1\.[1-9]/);
  });

  for (const file of TESTS)
    test(`${file} holds`, async () => {
      rmSync(calls, { force: true });
      // A runner within a runner would think itself a part of the outer one, and run nothing.
      const env = ['env', '--unset=NODE_TEST_CONTEXT', `PATH=${bin}:${process.env['PATH']}`, 'HV_REAL=1'];
      const argv = [process.execPath, '--disable-warning=ExperimentalWarning', '--test', join(REPOSITORY, file)];
      const { code, stdout } = await run([...env, ...argv], { timeoutMs: TIMEOUT_MS });
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^ℹ pass [1-9]/m);
      assert.match(readFileSync(calls, 'utf8'), /^-j -f/m, 'the other nft was called');
    });
});
