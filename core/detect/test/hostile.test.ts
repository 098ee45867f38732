import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  advance,
  beginState,
  MAX_STATE_BYTES,
  observe,
  observeName,
  readState,
  type SeenFlow,
  type SeenName,
  type SightingContext,
  sightingsOf,
} from '../src/index.ts';

const RUNS = Math.min(500, Number(process.env['HV_FUZZ'] ?? 20_000) / 40);
const id = fc.integer({ min: 0, max: 3 }).map((n) => `0000000${n}-0000-4000-8000-000000000000`);
const counter = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.maxSafeInteger().map(Math.abs));
const time = fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.maxSafeInteger().map(Math.abs));
const end = fc.record({
  ip: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 45 })),
  port: fc.oneof(fc.constantFrom(22, 80), fc.integer({ min: 0, max: 65_535 })),
  vmId: fc.option(id),
  tenantId: fc.option(id),
});
const anyFlow: fc.Arbitrary<SeenFlow> = fc.record({
  key: fc.string({ maxLength: 64 }),
  point: fc.constantFrom('egress', 'ingress'),
  protocol: fc.constantFrom(1, 6, 17, 58, 132),
  src: end,
  dst: end,
  verdict: fc.constantFrom('allow', 'deny'),
  ruleNum: fc.integer({ min: 0, max: 120 }),
  revision: fc.integer({ min: 7, max: 9 }),
  inspection: fc.option(
    fc.record({
      applications: fc.array(fc.oneof(fc.constantFrom('Tor', 'Mining'), fc.string({ maxLength: 255 })), {
        maxLength: 8,
      }),
      risks: fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 64 }),
      name: fc.option(fc.string({ maxLength: 255 })),
      signatures: fc.array(fc.record({ id: fc.nat(), message: fc.string({ maxLength: 255 }) }), { maxLength: 16 }),
    }),
  ),
  bytes: counter,
  packets: counter,
  replyBytes: counter,
  replyPackets: counter,
  startMs: time,
  endMs: time,
});

const anyName: fc.Arbitrary<SeenName> = fc.record({
  vmId: id,
  name: fc.oneof(fc.domain(), fc.string({ maxLength: 1024 })),
  atMs: time,
  peer: fc.record({ ip: fc.ipV4(), vmId: fc.option(id), tenantId: fc.option(id) }),
});
const CONTEXT: SightingContext = {
  threatOf: (ip) => (ip.length % 2 === 0 ? { set: ip, source: 'x'.repeat(99), checkedMs: null } : null),
  published: { revision: () => 8, hasRule: (num) => num < 110 },
};

describe('flows and names of any kind', () => {
  it('break no detector, fill no memory, and leave a state that can be read again', () => {
    fc.assert(
      fc.property(fc.option(id), fc.array(fc.tuple(anyFlow, anyName, time), { maxLength: 60 }), (tenantId, flows) => {
        const state = beginState();
        for (const [flow, name, nowMs] of flows) {
          for (const seen of sightingsOf(flow, CONTEXT)) observe(state, { ...seen, tenantId });
          observeName(state, name);
          advance(state, nowMs);
        }
        const text = JSON.stringify(state);
        assert.ok(Buffer.byteLength(text) <= 2 * MAX_STATE_BYTES);
      }),
      { numRuns: RUNS },
    );
  });

  it('tell nothing of whom they do not concern', () => {
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const whose = sightingsOf(flow).map(({ vmId }) => vmId);
        assert.ok(whose.every((vmId) => vmId === flow.src.vmId || vmId === flow.dst.vmId));
      }),
    );
  });

  it('a state from anywhere is a state', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (saved) => {
        assert.deepEqual(Object.keys(readState(saved)), Object.keys(beginState()));
      }),
    );
  });
});
