import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlatformMessage } from '@hypervigil/contract';
import fc from 'fast-check';
import { decodeFrame } from '../src/channel/frames.ts';
import { EngineError } from '../src/errors.ts';
import { GREEN_TO_BLUE, smallCloud } from '../src/testing/small-cloud.ts';

const messages: readonly PlatformMessage[] = [
  { type: 'welcome', hostId: '00000000-0000-4000-8000-000000000001', now: '2026-01-01T00:00:00Z' },
  { type: 'intent', intent: smallCloud(3, { rules: [GREEN_TO_BLUE] }) },
  { type: 'sync' },
  {
    type: 'task',
    id: '00000000-0000-4000-8000-000000000002',
    kind: 'vm.migrate',
    vmId: '6695eb01-f6a4-8304-79aa-97f2502e193f',
    params: { uri: 'qemu+tls://kvm2/system' },
    leaseSeconds: 60,
  },
];

test('every message of the platform is read as it was written', () => {
  for (const message of messages) assert.deepEqual(decodeFrame(JSON.stringify(message)), message);
});

test('a damaged frame is a message or a typed error, never anything else', () => {
  const frames = fc.constantFrom(...messages.map((message) => JSON.stringify(message)));
  const runs = Number(process.env['HV_FUZZ'] ?? 20_000);
  fc.assert(
    fc.property(frames, fc.nat(4000), fc.nat(30), fc.string({ maxLength: 12 }), (frame, at, cut, put) => {
      try {
        decodeFrame(frame.slice(0, at) + put + frame.slice(at + cut));
      } catch (error) {
        assert(error instanceof EngineError && error.code === 'bad-frame', String(error));
      }
    }),
    { numRuns: runs },
  );
});
