import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { SYSTEM_USER } from '../src/index.ts';
import { until } from './temp.ts';

const run = promisify(execFile);
const OWNER = join(import.meta.dirname, '../src/testing/owner.ts');

test('an account that goes before the first start has used it is made again', async (t) => {
  const dir = await mkdtemp('/tmp/hv-pg-account-');
  await chmod(dir, 0o755);
  // Accounts of the test's own: other platforms of this machine use the system's.
  const holder = spawn('unshare', ['--mount', '--propagation', 'private', '--', 'sleep', '120'], { stdio: 'ignore' });
  t.after(async () => {
    holder.kill();
    await rm(dir, { recursive: true, force: true });
  });
  const namespaceOf = (pid: number | string) => readlink(`/proc/${pid}/ns/mnt`);
  const own = await namespaceOf('self');
  await until('it is apart', async () => (await namespaceOf(holder.pid!)) !== own);
  const inside = ['--mount', '--target', String(holder.pid), '--'];
  await cp('/etc', join(dir, 'etc'), { recursive: true, verbatimSymlinks: true });
  await run('nsenter', [...inside, 'mount', '--bind', join(dir, 'etc'), '/etc']);

  const cacheDir = join(dir, 'runtime');
  const options = { cacheDir, dataDir: join(dir, 'data'), runDir: join(dir, 'run') };
  const owner = spawn('nsenter', [...inside, process.execPath, OWNER, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(owner, 'exit');
  const firstLine = once(createInterface({ input: owner.stdout }), 'line');
  // The account is chosen by then, and the server's 60 MB take a moment.
  await until('the programs are copied', async () => (await readdir(cacheDir).catch(() => [])).length > 0);
  await run('nsenter', [...inside, 'userdel', '--force', SYSTEM_USER]);
  const [pid] = await Promise.race([firstLine, ended.then(([code]) => assert.fail(`it ended with ${code}`))]);
  assert.ok(Number(pid) > 1);
  owner.kill();
  await ended;
  // It ends with its owner, a moment later, and writes until then.
  await until('the server has ended', () =>
    readlink(`/proc/${pid}/exe`).then(
      () => false,
      () => true,
    ),
  );
});
