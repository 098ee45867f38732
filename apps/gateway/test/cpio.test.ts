import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cpio } from '../src/image/cpio.ts';

test('the archive is what cpio itself reads', () => {
  const archive = cpio([
    { path: 'bin', kind: 'directory' },
    { path: 'bin/hello', kind: 'file', mode: 0o755, data: Buffer.from('hello\n') },
    { path: 'bin/empty', kind: 'file', mode: 0o644, data: new Uint8Array() },
    { path: 'sh', kind: 'link', target: 'bin/hello' },
  ]);
  const dir = mkdtempSync(join(tmpdir(), 'hv-cpio-'));
  try {
    execFileSync('busybox', ['cpio', '-i', '-d'], { cwd: dir, input: archive, stdio: ['pipe', 'ignore', 'pipe'] });
    assert.equal(readFileSync(join(dir, 'bin/hello'), 'utf8'), 'hello\n');
    assert.equal(statSync(join(dir, 'bin/hello')).mode & 0o777, 0o755);
    assert.equal(statSync(join(dir, 'bin/empty')).size, 0);
    assert.equal(readlinkSync(join(dir, 'sh')), 'bin/hello');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a path that leaves the archive is refused', () => {
  assert.throws(() => cpio([{ path: '/etc', kind: 'directory' }]), { code: 'GATEWAY_IMAGE' });
});
