import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import type { GatewayFlow, GatewayMessage } from '@hypervigil/contract';
import { encodeMark, GENERATIONS } from '@hypervigil/gateway-rules';
import { createLog } from '../src/appliance/log.ts';
import { openSlots } from '../src/appliance/slots.ts';

const dir = mkdtempSync(join(tmpdir(), 'hv-gateway-'));
after(() => rmSync(dir, { recursive: true }));

test('a mark tells rule and revision, also after the program began anew', () => {
  const file = join(dir, 'slots.json');
  const slots = openSlots(file);
  const { generation } = slots.next(17);
  const mark = encodeMark({ generation, verdict: 'deny', slot: slots.slotOf(4_000_000_000) });
  slots.slotOf(100);
  slots.save();
  const again = openSlots(file);
  assert.deepEqual(again.judgementOf(mark), { verdict: 'deny', rule: 4_000_000_000, revision: 17 });
  assert.equal(again.slotOf(4_000_000_000), slots.slotOf(4_000_000_000));
  assert.equal(again.next(18).generation, generation + 1);
  assert.equal(again.judgementOf(0), undefined);
});

test('generations begin anew when they are used up, and say so', () => {
  const slots = openSlots(join(dir, 'other.json'));
  for (let i = 1; i < GENERATIONS; i++) assert.deepEqual(slots.next(i), { generation: i, wrapped: false });
  assert.deepEqual(slots.next(GENERATIONS), { generation: 1, wrapped: true });
});

type Batch = Extract<GatewayMessage, { type: 'log' }>;
const flow = (dstPort: number): GatewayFlow => ({
  ...{ net: 1, protocol: 6, srcIp: '10.0.0.1', dstIp: '10.0.0.2', srcPort: 1, dstPort, verdict: 'allow', rule: 100 },
  ...{ revision: 1, bytes: 1, packets: 1, replyBytes: 1, replyPackets: 1, startMs: 0, endMs: 1, recognised: null },
});

test('entries are sent again until they are durable, and only too many of them are lost', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const sent: Batch[] = [];
    let takes = true;
    const log = createLog((batch) => takes && sent.push(batch) > 0);
    log.flow(flow(1));
    mock.timers.tick(1000);
    log.flow(flow(2));
    mock.timers.tick(1000);
    assert.deepEqual(
      sent.map(({ batch, flows }) => [batch, flows.length]),
      [
        [1, 1],
        [2, 1],
      ],
    );
    log.stored(1);
    log.resend();
    assert.deepEqual(sent.at(-1)?.batch, 2, 'what is durable is not sent again');
    takes = false;
    for (let i = 0; i < 101_000; i++) log.flow(flow(3));
    mock.timers.tick(1000);
    assert.ok(log.lost() > 0 && log.lost() < 5_000, `${log.lost()} lost`);
    takes = true;
    const before = sent.length;
    log.resend();
    const kept = sent.slice(before).reduce((sum, { flows }) => sum + flows.length, 0);
    assert.equal(kept + log.lost(), 101_001, 'nothing is lost that is not counted');
  } finally {
    mock.timers.reset();
  }
});
