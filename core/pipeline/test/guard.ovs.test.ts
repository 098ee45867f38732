import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { syntheticRule } from '@hypervigil/model';
import { compilePipeline, decodeObservation } from '../src/index.ts';
import { CASES, intent, ports } from './guard-cases.ts';
import { type Bridge, startBridge, UPLINK } from './harness.ts';

suite('what a vNIC may send, and where it goes', () => {
  let bridge: Bridge;
  before(async () => {
    bridge = await startBridge(6);
    await bridge.ovs.addPort('br0', 'stray', { ofport: 77 });
    await bridge.sw.flows.apply(compilePipeline({ intent, ports, uplink: UPLINK }));
  });
  after(async () => {
    await bridge?.stop();
  });

  for (const [title, cases] of Object.entries(CASES)) {
    test(title, async () => {
      for (const [what, frame, outcome] of cases) {
        const trace = await bridge.sw.trace(frame, { ctNext: 'trk,new' });
        const seen = trace.samples.map(({ domain, point }) => decodeObservation(domain, point));
        if (typeof outcome === 'object') assert.deepEqual(trace.outputs, outcome, `${what}\n${trace.text}`);
        else {
          assert.deepEqual(trace.outputs, [], `${what}\n${trace.text}`);
          const reasons = seen.map((one) => one?.verdict === 'deny' && syntheticRule(one.ruleNum));
          assert.deepEqual(reasons, outcome === 'dropped' ? [] : [outcome], `${what}\n${trace.text}`);
        }
      }
    });
  }

  test('the switch writes every flow as we do: what it dumps can be compared', async () => {
    const text = ({
      table,
      priority,
      cookie,
      match,
      actions,
    }: {
      table: number;
      priority: number;
      cookie: bigint;
      match: string;
      actions: string;
    }) => `${table} ${priority} ${cookie} ${match} ${actions}`;
    const held = (await bridge.sw.flows.stats()).map(text).sort();
    assert.deepEqual(held, compilePipeline({ intent, ports, uplink: UPLINK }).map(text).sort());
  });
});
