import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { until } from '../src/testing/index.ts';

const run = promisify(execFile);
const MAIN = join(import.meta.dirname, '../src/main.ts');
const NAME = `hv-test-${process.pid}`;
const MODE = 0o777;

describe('the platform as an ordinary user', () => {
  let dir: string;
  let uid: number;
  let as: readonly string[];
  let platform: ChildProcess;
  const output: string[] = [];

  /** The platform as that user, who has nothing but this directory. */
  function start(...flags: string[]): ChildProcess {
    const child = spawn('setpriv', [...as, process.execPath, MAIN, 'run', ...flags], {
      cwd: dir,
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    return child;
  }

  before(async () => {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
    uid = Number((await run('id', ['-u', NAME])).stdout);
    const gid = Number((await run('id', ['-g', NAME])).stdout);
    dir = await mkdtemp(join(tmpdir(), 'hv-'));
    await chown(dir, uid, gid);
    as = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups'];
    // A checkout in root's home is closed to everybody else; then the user may read there, and nothing more.
    const isOpen = await run('setpriv', [...as, 'test', '-r', MAIN]).then(
      () => true,
      () => false,
    );
    if (!isOpen) as = [...as, '--inh-caps', '+dac_read_search', '--ambient-caps', '+dac_read_search'];
    const ports = ['--http-port', '0', '--https-port', '0', '--https-address', '127.0.0.1'];
    platform = start('--state-dir', join(dir, 'state'), '--run-dir', join(dir, 'run'), ...ports);
    await until('it is ready', () => output.join('').includes('the platform is ready'), 60_000).catch((cause) => {
      throw new Error(output.join(''), { cause });
    });
  });
  after(async () => {
    if (platform?.exitCode === null) {
      platform.kill('SIGKILL');
      await once(platform, 'exit');
    }
    await until('nothing of that user runs', async () => (await processesOf(uid)).length === 0);
    await run('userdel', [NAME]);
    await rm(dir, { recursive: true, force: true });
  });

  it('serves, with a database and a flow store of its own', async () => {
    const overview = JSON.parse(await get(join(dir, 'run', 'admin.sock'), '/api/v1/overview'));
    assert.equal(overview.policy.revision, 0);
    assert.equal(overview.lastHour.allowed, 0);
  });

  it('lets nobody else near what it keeps', async () => {
    const modes = {
      state: 0o700,
      'state/platform.key': 0o600,
      'state/first-password': 0o600,
      'state/postgres': 0o700,
      'state/flows': 0o700,
      run: 0o700,
      'run/admin.sock': 0o600,
      'run/postgres': 0o700,
    };
    for (const [path, mode] of Object.entries(modes)) {
      const info = await stat(join(dir, path));
      assert.deepEqual([info.mode & MODE, info.uid], [mode, uid], path);
    }
  });

  it('ends in good order and leaves no process behind', async () => {
    const ended = once(platform, 'exit');
    platform.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual(await processesOf(uid), []);
    assert.ok(!output.join('').includes('a database connection broke'), output.join(''));
  });

  it('says what to do when it may not write where root would', async () => {
    output.length = 0;
    const child = start();
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(output.join(''), /^The platform cannot use its directories: E(ACCES|PERM).* --state-dir .*--run-dir/);
    assert.doesNotMatch(output.join(''), /\n {4}at /, 'no stack for a person');
  });
});

async function processesOf(uid: number): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    // A zombie has ended; its parent has not looked yet.
    if (new RegExp(`^Uid:\\t${uid}\\t`, 'm').test(status) && !/^State:\tZ/m.test(status)) found.push(pid);
  }
  return found;
}

function get(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path }, (response) => {
      response.toArray().then((chunks) => resolve(chunks.join('')), reject);
    });
    call.once('error', reject);
    call.end();
  });
}
