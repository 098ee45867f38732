import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../workspaces.ts';

const scratch = mkdtempSync(join(tmpdir(), 'hv-launcher-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Programs of a machine that is not this one: each says or does what its shell line does. */
function machine(name: string, programs: Record<string, string>): string {
  const bin = join(scratch, name);
  mkdirSync(bin, { recursive: true });
  for (const [program, line] of Object.entries(programs)) {
    writeFileSync(join(bin, program), `#!/bin/sh\n${line}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return bin;
}

/** Runs a copy of the launcher that has nothing installed beside it. */
function launch(bin: string, args: readonly string[]): Promise<{ code: number; said: string }> {
  const clone = join(bin, 'clone');
  mkdirSync(clone, { recursive: true });
  copyFileSync(join(ROOT, 'hv'), join(clone, 'hv'));
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(ROOT, file), join(clone, file));
  const env = { PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`, CI: 'true', HOME: scratch };
  return new Promise((resolve) => {
    execFile('/bin/sh', [join(clone, 'hv'), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

test('another system is refused, and which would do is said', async () => {
  const { code, said } = await launch(machine('darwin', { uname: 'echo Darwin' }), ['up']);
  assert.equal(code, 2);
  assert.match(said, /needs Linux \(this is Darwin\)[\s\S]*Debian/);
});

test('another processor is refused', async () => {
  const uname = 'if [ "$1" = -s ]; then echo Linux; else echo riscv64; fi';
  const { code, said } = await launch(machine('riscv', { uname }), ['up']);
  assert.equal(code, 2);
  assert.match(said, /riscv64[\s\S]*x86_64 and aarch64/);
});

test('a full disk is said before anything is fetched', async () => {
  const programs = { node: '', npm: 'echo fetched', df: 'printf "F 1K U Avail\\n/dev/x 1 1 1024\\n"' };
  const { code, said } = await launch(machine('full', programs), ['help']);
  assert.equal(code, 2);
  assert.match(said, /has 1 MiB free; 2048 MiB are needed/);
  assert.doesNotMatch(said, /fetched/);
});

test('an unreachable registry is named as such, with what npm said', async () => {
  const programs = { node: '', npm: 'echo "npm error network" >&2; exit 1' };
  const { code, said } = await launch(machine('offline', programs), ['help']);
  assert.equal(code, 2);
  assert.match(said, /npm error network[\s\S]*Is the npm registry reachable/);
});

test('an old Node.js has npm run by the pinned one, and one with another checksum is not run', async () => {
  const pack = 'for last; do :; done; echo "$*" >&2; echo forged >"$(echo "$last" | tr @ -).tgz"';
  const { code, said } = await launch(machine('forged', { node: 'echo v18.20.4', npm: pack }), ['help']);
  assert.equal(code, 2);
  assert.match(
    said,
    /pack --loglevel=error node-linux-\w+@26\.[\s\S]*checksum of node-linux-\w+ 26\S+ is not the lockfile's/,
  );
});

test('a distribution without apt is told what to install', async () => {
  const bin = machine('other', { node: '', npm: '', sh: 'exec /bin/sh "$@"' });
  for (const program of ['uname', 'id', 'readlink', 'dirname', 'sed', 'sort', 'tr', 'cut', 'awk', 'df', 'cat', 'env'])
    writeFileSync(join(bin, program), `#!/bin/sh\nexec /usr/bin/${program} "$@"\n`, { mode: 0o755 });
  const clone = join(bin, 'clone');
  mkdirSync(clone);
  copyFileSync(join(ROOT, 'hv'), join(clone, 'hv'));
  const answer = await new Promise<{ code: number; said: string }>((resolve) => {
    execFile('/bin/sh', [join(clone, 'hv'), 'up'], { env: { PATH: bin, CI: 'true' } }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
    );
  });
  assert.equal(answer.code, 2);
  assert.match(answer.said, /packages are missing: .*libvirt-clients|not Debian or Ubuntu/);
});
