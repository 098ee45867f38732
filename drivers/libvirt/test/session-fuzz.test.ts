import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { LibvirtError } from '../src/errors.ts';
import * as remote from '../src/gen/remote.ts';
import { batchingOutbox } from '../src/rpc/outbox.ts';
import { Session } from '../src/session.ts';
import { FUZZ_RUNS } from './fuzz.ts';

/** Every word of a packet is either what a client expects or anything else. */
const word = fc.oneof(
  fc.constantFrom(0x20008086, 0x20008087, 0x6b656570, 0, 1, 2, 3, 6, 59, 209, 318),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
);
const packet = fc.array(word, { minLength: 6, maxLength: 16 }).map((words) => {
  const bytes = Buffer.alloc(4 + words.length * 4);
  bytes.writeUInt32BE(bytes.length);
  for (const [at, value] of words.entries()) bytes.writeUInt32BE(value, 4 + at * 4);
  return bytes;
});
const volume = { pool: 'p', name: 'v', key: 'k' };
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a daemon that says anything at all gets a typed error out of calls and streams, and nothing else', async () => {
  const said = fc.array(fc.oneof({ weight: 9, arbitrary: packet }, { weight: 1, arbitrary: fc.uint8Array() }));
  const ends = { refused: 0, survived: 0 };
  await fc.assert(
    fc.asyncProperty(said, async (pieces) => {
      const [ours, theirs] = duplexPair();
      theirs.on('error', () => undefined).resume();
      const session = new Session(ours, { keepAliveSeconds: 0, outbox: batchingOutbox });
      const failed = (error: unknown) => assert.ok(error instanceof LibvirtError, String(error));
      session.onMessage(remote.domainEventCallbackLifecycle, () => undefined);
      const work = [
        session.call(remote.connectGetHostname, undefined).catch(failed),
        session
          .openStream(remote.storageVolDownload, { vol: volume, offset: 0n, length: 0n, flags: 0 })
          .then(({ stream }) => stream.on('error', failed).resume(), failed),
      ];
      for (const piece of pieces) theirs.write(piece);
      await turn();
      session.close();
      await Promise.all(work);
      const reason = await session.closed;
      if (reason) failed(reason);
      ends[reason ? 'refused' : 'survived']++;
      await turn();
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 10) },
  );
  assert.ok(ends.refused > 0 && ends.survived > 0, JSON.stringify(ends));
});
