import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseCommand } from '../src/config.ts';
import { EngineError } from '../src/errors.ts';

const fingerprint = 'ab'.repeat(32);

suite('configuration', () => {
  test('has defaults, and is frozen', () => {
    const command = parseCommand([], {});
    assert(command.name === 'run');
    assert.equal(command.config.libvirtUri, 'qemu:///system');
    assert.equal(command.config.spoolLimitBytes, 256 * 1024 * 1024);
    assert(Object.isFrozen(command.config));
  });

  test('a flag wins over the environment', () => {
    const env = { HV_BRIDGE: 'br-env', HV_UPLINK: 'eth1' };
    const command = parseCommand(['run', '--bridge', 'br-flag'], env);
    assert(command.name === 'run');
    assert.equal(command.config.bridge, 'br-flag');
    assert.equal(command.config.uplink, 'eth1');
  });

  test('a fingerprint is taken as people copy it', () => {
    const colons = `SHA256:${fingerprint.toUpperCase().match(/../g)!.join(':')}`;
    const args = ['join', '--platform', 'https://p:8443', '--token', 'abcdefghijkl', '--ca-fingerprint', colons];
    const command = parseCommand(args, {});
    assert(command.name === 'join');
    assert.equal(command.join.caFingerprint, fingerprint);
  });

  test('every mistake is listed at once', () => {
    const args = ['join', '--platform', 'http://p', '--ca-fingerprint', 'zz', '--nonsense', '1'];
    assert.throws(
      () => parseCommand(args, {}),
      (error: unknown) => {
        assert(error instanceof EngineError && error.code === 'bad-config');
        for (const flag of ['--platform', '--token', '--ca-fingerprint', '--nonsense'])
          assert.match(error.message, new RegExp(flag));
        return true;
      },
    );
  });
});
