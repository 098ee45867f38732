import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FlowExpression, matchesFlow, parseFlowQuery, resolveNames } from '@hypervigil/model';
import fc from 'fast-check';
import { namesOf, randomFilter, randomFlows } from '../random-filters.ts';
import { sampleRow, T0 } from '../sample-flows.ts';
import { type MakeStore, storeWith } from './make-store.ts';

const NOW = T0 + 3_600_000;
const RUNS = Number(process.env['HV_FUZZ'] ?? 20_000) / 1000;

function expressionOf(text: string): FlowExpression {
  const parsed = parseFlowQuery(text, { nowMs: NOW });
  if ('mistake' in parsed || parsed.expression === null) return assert.fail(`${text}: ${JSON.stringify(parsed)}`);
  const found = resolveNames(parsed.expression, namesOf);
  return 'mistake' in found ? assert.fail(text) : found.expression;
}

/** The language of filters: what the evaluator says is what a store finds. */
export function asking(makeStore: MakeStore, fewer: number): void {
  test('random filters find of random flows exactly those that they mean', async (t) => {
    const store = await makeStore(t);
    let batch = 0;
    await fc.assert(
      fc.asyncProperty(randomFlows, fc.array(randomFilter, { minLength: 10, maxLength: 10 }), async (rows, filters) => {
        await store.retain({ nowMs: T0 * 2, maxAgeMs: 1 });
        await store.append(`b${batch++}`, rows);
        const { flows } = await store.query({}, { limit: 1000 });
        for (const filter of filters) {
          const expression = expressionOf(filter);
          const found = await store.query({ expression }, { limit: 1000 });
          const meant = flows.filter((flow) => matchesFlow(expression, flow));
          assert.deepEqual(found.flows.map(({ id }) => id).sort(), meant.map(({ id }) => id).sort(), filter);
        }
      }),
      { numRuns: Math.max(5, RUNS / fewer) },
    );
  });

  test('a filter holds for everything that is asked: lists, edges, series and groups', async (t) => {
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'big', bytes: 600, replyBytes: 0, endMs: T0 + 100 }),
      sampleRow({ key: 'big', bytes: 600, replyBytes: 0, endMs: T0 + 5000 }),
      sampleRow({ key: 'small', bytes: 700, replyBytes: 0, endMs: T0 + 100, dst: { port: 80 } }),
    ]);
    const expression = expressionOf('bytes > 1kB');
    const { flows } = await store.query({ expression }, { limit: 10 });
    assert.deepEqual(
      flows.map(({ key, bytes }) => [key, bytes]),
      [['big', 1200]],
    );
    assert.deepEqual(
      (await store.edges({ expression }, 10)).edges.map(({ port }) => port),
      [443],
    );
    assert.deepEqual(
      (await store.series({ expression }, 1000)).map(({ bytes }) => bytes),
      [600, 600],
    );
    assert.deepEqual(
      (await store.top({ expression }, ['dst.port'], 'bytes', 10)).groups.map((g) => g.values),
      [[443]],
    );
  });

  test('a signature is found by its number, and by no number in a message', async (t) => {
    const seen = (id: number, message: string) => ({
      ...{ id, revision: 1, message, category: '', severity: 1, application: null, at: '2026-01-15T12:00:00.000Z' },
    });
    const inspection = (...signatures: ReturnType<typeof seen>[]) => ({
      ...{ outcome: 'copied' as const, gatewayNum: 1, gatewayId: null, gateways: [], applications: ['HTTP'] },
      ...{ name: null, risks: [], blocked: null, signatures },
    });
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'two', inspection: inspection(seen(7, 'a'), seen(2_210_000, 'b')) }),
      sampleRow({ key: 'says', src: { port: 2 }, inspection: inspection(seen(70, 'x","id":7,')) }),
      sampleRow({ key: 'none', src: { port: 3 }, inspection: inspection() }),
    ]);
    const found = async (text: string) =>
      (await store.query({ expression: expressionOf(text) }, { limit: 10 })).flows.map(({ key }) => key).sort();
    assert.deepEqual(await found('signature = 7'), ['two']);
    assert.deepEqual(await found('signature in (70, 2210000)'), ['says', 'two']);
    assert.deepEqual(await found('signature = none'), ['none']);
    assert.deepEqual(await found('not signature = 70'), ['none', 'two']);
  });

  test('what one of two hosts knows of a connection is known of it', async (t) => {
    const inspection = {
      ...{ outcome: 'through' as const, gatewayNum: 1, gatewayId: 'g', risks: [], signatures: [], blocked: null },
      gateways: [{ gatewayNum: 1, gatewayId: 'g' }],
      ...{ applications: ['TLS'], name: 'example.com' },
    };
    const store = await storeWith(t, makeStore, [
      sampleRow(),
      sampleRow({ point: 'ingress', hostId: 'host-2', inspection }),
    ]);
    const found = async (text: string) =>
      (await store.query({ expression: expressionOf(text) }, { limit: 10 })).flows.map(({ point }) => point);
    assert.deepEqual(await found('application = tls'), ['egress']);
    assert.deepEqual(await found('not application = tls'), []);
    const { groups, total } = await store.top({}, ['application'], 'flows', 10);
    assert.deepEqual(
      groups.map(({ values, flows }) => [values, flows]),
      [[['TLS'], 1]],
    );
    assert.deepEqual(total.flows, 1);
  });
}
