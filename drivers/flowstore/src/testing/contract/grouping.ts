import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowGroupField } from '@hypervigil/model';
import type { FlowFilter, FlowTopOrder } from '../../store.ts';
import { sampleRow } from '../sample-flows.ts';
import { type MakeStore, storeWith } from './make-store.ts';

const OUTSIDE = { vmId: null, vnicId: null, tenantId: null, mac: null };
const FOREIGN = { vmId: 'vm-x', vnicId: 'vnic-x', tenantId: 'blue', mac: '52:54:00:00:00:99', ip: '10.0.9.9' };

/** Groups with the most, and what a tenant may see of them. */
export function grouping(makeStore: MakeStore): void {
  test('groups by one field or two, the most first, with the sum of all', async (t) => {
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a', bytes: 10, replyBytes: 5, packets: 9 }),
      sampleRow({ key: 'a', bytes: 10, replyBytes: 5, packets: 9, point: 'ingress', hostId: 'host-2' }),
      sampleRow({ key: 'b', bytes: 1, replyBytes: 0, dst: { port: 53 } }),
      sampleRow({ key: 'c', bytes: 1, replyBytes: 0, dst: { port: 53 }, protocol: 17 }),
      sampleRow({ key: 'd', bytes: 2, replyBytes: 1, packets: 0, dst: { ...OUTSIDE, ip: '2001:db8::1', port: 22 } }),
    ]);
    const top = async (by: FlowGroupField[], order: FlowTopOrder, limit = 10) => {
      const { groups, total } = await store.top({}, by, order, limit);
      return [...groups.map((one) => [...one.values, one.flows, one.bytes + one.replyBytes]), total];
    };
    const total = (groups: number) => ({ groups, flows: 4, bytes: 20, packets: 77 });
    assert.deepEqual(await top(['dst.port'], 'bytes'), [[443, 1, 15], [22, 1, 3], [53, 2, 2], total(3)]);
    assert.deepEqual(await top(['dst.port'], 'flows', 1), [[53, 2, 2], total(3)]);
    assert.deepEqual((await top(['protocol', 'dst.port'], 'flows')).slice(0, 2), [
      [6, 22, 1, 3],
      [6, 53, 1, 1],
    ]);
    assert.deepEqual((await top(['dst.ip'], 'bytes')).slice(0, 2), [
      ['10.0.0.8', 3, 17],
      ['2001:db8::1', 1, 3],
    ]);
    assert.deepEqual((await top(['dst.vm'], 'flows')).slice(0, 2), [
      ['vm-b', 3, 17],
      [null, 1, 3],
    ]);
    assert.deepEqual(await store.top({ vmId: 'nobody' }, ['name'], 'flows', 5), {
      groups: [],
      total: { groups: 0, flows: 0, bytes: 0, packets: 0 },
    });
    for (const by of [[], ['dst.ip', 'src.ip', 'protocol']] as FlowGroupField[][])
      await assert.rejects(store.top({}, by, 'flows', 5), { code: 'FLOWSTORE_BAD_FILTER' });
  });

  test('a tenant that reads learns nothing of the other end, of rules, hosts and gateways that are not its own', async (t) => {
    const inspection = {
      ...{ outcome: 'through' as const, gatewayNum: 12, gatewayId: 'gw', applications: ['TLS'] },
      gateways: ['gw', 'gw-2'].map((gatewayId, n) => ({ gatewayNum: 12 + n, gatewayId })),
      ...{ name: null, risks: [], signatures: [], blocked: null },
    };
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'own', policyId: 'known', ruleId: 'rule-k', ruleNum: 101 }),
      sampleRow({ key: 'mixed', src: FOREIGN, policyId: 'secret', ruleId: 'rule-s', ruleNum: 102, inspection }),
      sampleRow({ key: 'foreign', src: FOREIGN, dst: { ...FOREIGN, vmId: 'vm-y' } }),
    ]);
    const reader = { tenantId: 'red', policies: ['known'] };
    const keys = async (filter: FlowFilter) =>
      (await store.query({ ...filter, reader }, { limit: 10 })).flows.map(({ key }) => key).sort();
    assert.deepEqual(await keys({}), ['mixed', 'own']);
    // Each of these would find `mixed` for whoever may see all of it.
    for (const filter of [
      ...[{ vmId: 'vm-x' }, { tenantId: 'blue' }, { ruleId: 'rule-s' }, { gatewayId: 'gw' }, { gatewayId: 'gw-2' }],
      ...['vm-x', 'vnic-x', '00:00:99', 'rule-s', 'host-1'].map((text) => ({ text })),
      { vmIds: ['vm-x'] },
    ])
      assert.deepEqual(await keys(filter), [], JSON.stringify(filter));
    const asked = (field: 'src.vm' | 'vm' | 'src.tenant' | 'policy' | 'gateway' | 'vnic', value: string) =>
      keys({ expression: { op: 'test', field, is: { kind: 'one-of', values: [value] } } });
    assert.deepEqual(await asked('vm', 'vm-x'), []);
    assert.deepEqual(await asked('vnic', 'vnic-x'), []);
    assert.deepEqual(await asked('src.tenant', 'blue'), []);
    assert.deepEqual(await asked('policy', 'secret'), []);
    for (const id of ['gw', 'gw-2']) assert.deepEqual(await asked('gateway', id), []);
    assert.deepEqual(await asked('policy', 'known'), ['own']);
    const groups = async (by: FlowGroupField) =>
      (await store.top({ reader }, [by], 'flows', 10)).groups.map(({ values }) => values[0]).sort();
    assert.deepEqual(await groups('src.vm'), ['vm-a', null].sort());
    assert.deepEqual(await groups('src.tenant'), ['red', null].sort());
    assert.deepEqual(await groups('policy'), ['known', null].sort());
    assert.deepEqual(await groups('gateway'), [null]);
    assert.deepEqual(await groups('src.ip'), ['10.0.0.7', '10.0.9.9']);
    const { edges } = await store.edges({ reader }, 10);
    assert.deepEqual(
      edges.map(({ src, ruleId }) => [src.vmId, src.tenantId, ruleId]).sort(),
      [
        [null, null, null],
        ['vm-a', 'red', 'rule-k'],
      ].sort(),
    );
  });
}
