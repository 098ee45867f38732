import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPcapReader } from '../src/index.ts';

const FUZZ = { numRuns: Number(process.env['HV_FUZZ'] ?? 20_000) };

/** A capture file's header and one record, as tcpdump writes them on a little-endian machine. */
function capture(records: readonly Buffer[], linkType = 239): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(linkType, 20);
  const parts = records.map((data) => {
    const head = Buffer.alloc(16);
    head.writeUInt32LE(1_700_000_000, 0);
    head.writeUInt32LE(5_000, 4);
    head.writeUInt32LE(data.length, 8);
    head.writeUInt32LE(data.length, 12);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([header, ...parts]);
}

test('a capture comes out as records, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }),
      fc.integer({ min: 1, max: 40 }),
      (all, step) => {
        const file = capture(all.map((one) => Buffer.from(one)));
        const raw: Buffer[] = [];
        const data: string[] = [];
        const read = createPcapReader({
          onHeader: (_, bytes) => raw.push(Buffer.from(bytes)),
          onRecord: (record) => {
            raw.push(Buffer.from(record.raw));
            data.push(record.data.toString('hex'));
            assert.equal(record.atMs, 1_700_000_000_005);
          },
        });
        for (let at = 0; at < file.length; at += step) read(file.subarray(at, at + step));
        assert.deepEqual(
          data,
          all.map((one) => Buffer.from(one).toString('hex')),
        );
        assert.deepEqual(Buffer.concat(raw), file);
      },
    ),
  );
});

test('hostile captures: a RangeError at most', () => {
  const prefix = capture([]);
  fc.assert(
    fc.property(fc.boolean(), fc.uint8Array({ maxLength: 80 }), (hasHeader, bytes) => {
      const read = createPcapReader({ onRecord: () => {} });
      try {
        if (hasHeader) read(prefix);
        read(Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }),
    FUZZ,
  );
});
