import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseService, writeService } from '@hypervigil/model';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import fc from 'fast-check';
import { findAll } from '../src/app/palette-search.ts';
import { applyEvents, upsert } from '../src/data/events.ts';
import { flowQueryOf, parseFlowSearch } from '../src/data/flow-filter.ts';
import { narrowedBy } from '../src/data/flow-query.ts';
import { around, groupMembers, readGroups } from '../src/data/group-members.ts';
import { vmProtection } from '../src/data/vm-view.ts';
import { keepOrder, parseOrder, sortRows, writeOrder } from '../src/ui/table-model.ts';
import { uuid } from './fake-platform/make.ts';
import { demoGroups } from './fake-platform/policies.ts';
import { demoVms, manyVms } from './fake-platform/vms.ts';

const vms = demoVms();

test('a change replaces its row where it stands; new rows come last; removed rows leave', () => {
  const rows = [
    { id: 'a', v: 1 },
    { id: 'b', v: 1 },
    { id: 'c', v: 1 },
  ];
  const changed = upsert(
    rows,
    new Map([
      ['b', { id: 'b', v: 2 }],
      ['c', null],
      ['d', { id: 'd', v: 1 }],
    ]),
  );
  assert.deepEqual(
    changed.map((row) => `${row.id}${row.v}`),
    ['a1', 'b2', 'd1'],
  );
  assert.equal(changed[0], rows[0], 'an untouched row is the same object');
});

test('what changes while it is read is read once more, and no reading is broken off', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const readings: { readonly answer: (value: string) => void; readonly signal: AbortSignal }[] = [];
  const queryFn = ({ signal }: { signal: AbortSignal }) =>
    new Promise<string>((answer) => {
      readings.push({ answer, signal });
    });
  const observer = new QueryObserver(client, { queryKey: ['policy', 'status'], queryFn });
  const leave = observer.subscribe(() => undefined);
  const changed = () => applyEvents(client, [{ kind: 'changed', what: 'policy' }]);
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
  for (let n = 0; n < 3; n++) changed();
  readings[0]!.answer('before');
  await settled();
  assert.deepEqual([readings.length, observer.getCurrentResult().data], [2, 'before']);
  readings[1]!.answer('after');
  await settled();
  assert.deepEqual([readings.length, observer.getCurrentResult().data], [2, 'after']);
  changed();
  await settled();
  readings[2]!.answer('later');
  await settled();
  assert.deepEqual([readings.length, observer.getCurrentResult().data], [3, 'later']);
  assert.ok(readings.every(({ signal }) => !signal.aborted));
  leave();
  client.clear();
});

test('rows under the pointer keep their places', () => {
  const shown = ['a', 'b', 'c'];
  fc.assert(
    fc.property(fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e']), (ids) => {
      const order = keepOrder(shown, ids, (id) => id);
      assert.deepEqual([...order].sort(), [...ids].sort());
      const old = order.filter((id) => shown.includes(id));
      assert.deepEqual(
        old,
        shown.filter((id) => ids.includes(id)),
      );
      assert.deepEqual(order.slice(0, old.length), old);
    }),
  );
});

test('orders in the address bar', () => {
  assert.deepEqual(parseOrder('-name'), { column: 'name', descending: true });
  assert.equal(writeOrder({ column: 'name', descending: true }), '-name');
  const column = { id: 'n', header: '', cell: () => null, text: (row: string) => row, width: 1 };
  assert.deepEqual(sortRows(['vm10', 'vm9'], [column], { column: 'n', descending: false }, 'en'), ['vm9', 'vm10']);
});

test('a flow filter from an address bar takes nothing that the platform would refuse', () => {
  assert.deepEqual(flowQueryOf({}), { window: 3600 });
  assert.deepEqual(
    flowQueryOf({ window: '17', port: '70000', vm: 'nonsense', verdict: 'maybe', pending: 'yes', from: 'yesterday' }),
    {
      window: 3600,
    },
  );
  assert.deepEqual(flowQueryOf({ port: '443', protocol: 'tcp', verdict: 'deny', rule: '103', pending: 'differs' }), {
    window: 3600,
    port: 443,
    protocol: 6,
    verdict: 'deny',
    ruleNum: 103,
    pending: 'differs',
  });
  assert.deepEqual(flowQueryOf({ filter: ' port = 1 ' }), { window: 3600, filter: 'port = 1' });
  assert.deepEqual(flowQueryOf({ filter: 'port =' }), { window: 3600 });
  assert.deepEqual(flowQueryOf({ filter: 'time > -2d' }), { filter: 'time > -2d' });
  assert.deepEqual(flowQueryOf({ filter: 'time > -2d', window: '300' }), { filter: 'time > -2d', window: 300 });
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('filter', 'vm', 'port', 'from', 'to', 'protocol', 'rule', 'window'), fc.string()),
      (url) => {
        flowQueryOf(url);
      },
    ),
    { numRuns: Number(process.env['HV_FUZZ'] ?? 20_000) },
  );
});

test('a filter that is narrowed says what it said, and one thing more', () => {
  assert.equal(narrowedBy('', 'src.ip', '10.0.0.1'), 'src.ip = 10.0.0.1');
  assert.equal(narrowedBy('a = 1', 'dst.vm', null), 'a = 1 and dst.vm = none');
  assert.equal(narrowedBy('port = 1 or port = 2', 'src.vm', 'my web'), '(port = 1 or port = 2) and src.vm = "my web"');
  assert.equal(
    narrowedBy('port = 1', 'application', 'TLS.Wikipedia'),
    'port = 1 and application = TLS and application = Wikipedia',
  );
});

test('the flow search understands what people paste', () => {
  const search = (text: string) => parseFlowSearch(text, vms);
  assert.deepEqual(search('10.10.1.11'), { address: '10.10.1.11' });
  assert.deepEqual(search('2001:db8::1'), { address: '2001:db8::1' });
  assert.deepEqual(search(':443'), { port: '443' });
  assert.deepEqual(search('tcp/443'), { protocol: 'tcp', port: '443' });
  assert.deepEqual(search('ICMP'), { protocol: 'icmp' });
  assert.deepEqual(search('deny'), { verdict: 'deny' });
  assert.deepEqual(search('aurora-d'), { vm: uuid('vm', 3) });
  assert.deepEqual(search('52:54:00:00:00:01'), { vm: uuid('vm', 1) });
  assert.deepEqual(search('app:SSH'), { application: 'ssh' });
  assert.deepEqual(search('Example.com'), { name: 'example.com' });
  assert.equal(search('nobody'), undefined);
});

test('services as people write them, and back', () => {
  const port = fc.integer({ min: 0, max: 65_535 }).map(String);
  const service = fc.oneof(
    fc.record({
      protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const),
      ports: fc.array(port, { maxLength: 4 }),
    }),
    fc.record({ protocol: fc.constantFrom('icmp' as const, 'icmpv6' as const), type: fc.nat(255), code: fc.nat(255) }),
    fc.record({ protocol: fc.constant('ip' as const), number: fc.nat(255) }),
  );
  fc.assert(fc.property(service, (one) => assert.deepEqual(parseService(writeService(one)), { ...one })));
  for (const bad of ['', 'tcp/', 'tcp/http', 'icmp/x', 'ip', 'ip/1/2', 'http', 'tcp/1/2'])
    assert.equal(parseService(bad), undefined, bad);
});

test('members: named ones and found ones, of its tenant alone, through groups within', () => {
  const [web, named] = demoGroups();
  const inner = { ...web!, id: uuid('group', 8), tenantId: null, selector: 'not role', vmIds: [uuid('vm', 5)] };
  const outer = { ...named!, id: uuid('group', 9), selector: 'role=web', groupIds: [inner.id] };
  const names = (id: string) => groupMembers(readGroups([inner, outer]), id, vms).map((vm) => vm.name);
  assert.ok(names(inner.id).includes('beichen-db'));
  assert.deepEqual(names(outer.id), ['aurora-web']);
  assert.deepEqual([...around(readGroups([inner, outer]), inner.id)], [inner.id, outer.id]);
});

test('a VM is as protected as its least protected vNIC', () => {
  const [enforced, , , open] = vms;
  assert.equal(vmProtection(enforced!), 'enforced');
  assert.equal(vmProtection({ vnics: [...enforced!.vnics, ...open!.vnics] }), 'no-address');
  assert.equal(vmProtection({ vnics: [] }), 'none');
});

test('the palette finds 10,000 VMs by name, address, MAC and UUID', () => {
  const many = manyVms(10_000, [uuid('host', 1)]);
  const objects = { vms: many, hosts: [], networks: [], tenants: [], groups: [], gatewayGroups: [], policies: [] };
  const wanted = many[7776]!;
  for (const query of [wanted.name, wanted.id, wanted.vnics[0]!.mac, wanted.vnics[0]!.ipv4[0]!])
    assert.equal(findAll(query, [], objects)[0]?.id, wanted.id, query);
  assert.ok(findAll('web', [], objects).length <= 30);
});
