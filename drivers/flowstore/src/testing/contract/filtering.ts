import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowFilter } from '../../store.ts';
import { sampleRow, T0 } from '../sample-flows.ts';
import { type MakeStore, storeWith } from './make-store.ts';

/** Each line: what the filter says, and the keys of the flows that it lets through. */
const FILTERS: readonly (readonly [string, FlowFilter, string])[] = [
  ['nothing', {}, 'web dns ext deny'],
  ['from', { fromMs: T0 + 3000 }, 'ext deny'],
  ['until', { toMs: T0 + 3000 }, 'web dns'],
  ['one VM, either end', { vmId: 'vm-c' }, 'dns'],
  ['two VMs, whichever began', { vmId: 'vm-b', peerVmId: 'vm-a' }, 'web deny'],
  ['what a tenant may see', { tenants: ['blue'] }, 'dns'],
  ['what two may see', { tenants: ['blue', 'red'] }, 'web dns ext deny'],
  ['what nobody may see', { tenants: [] }, ''],
  ['a tenant', { tenantId: 'blue' }, 'dns'],
  ['a host', { hostId: 'host-2' }, 'ext'],
  ['a network', { networkId: 'net-2' }, 'dns'],
  ['a protocol', { protocol: 17 }, 'dns'],
  ['a port, either end', { port: 53 }, 'dns'],
  ['a verdict', { verdict: 'deny' }, 'deny'],
  ['a rule', { ruleId: 'rule-7' }, 'deny'],
  ["a rule's number", { ruleNum: 7 }, 'deny'],
  ['not some rules', { exceptRuleNums: [7, 8] }, 'web dns ext'],
  ['one of some VMs', { vmIds: ['vm-c', 'vm-x'] }, 'dns'],
  ['one of no VMs', { vmIds: [] }, ''],
  ['an address', { address: '10.0.0.9' }, 'dns'],
  ['a prefix', { address: '198.51.100.0/24' }, 'ext'],
  ['the beginning of an address', { address: '198.51.' }, 'ext'],
  ['an IPv6 prefix', { address: '2001:db8::/32' }, 'deny'],
  ['an IPv4 prefix of everything', { address: '0.0.0.0/0' }, 'web dns ext deny'],
  ['text that is an address', { text: '10.0.0.9' }, 'dns'],
  ['text in an id', { text: 'VM-C' }, 'dns'],
  ['text in a MAC', { text: '00:00:0c' }, 'dns'],
  ['several at once', { vmId: 'vm-a', verdict: 'allow', protocol: 6 }, 'web ext'],
  ['text that looks like SQL', { text: "' OR 1=1 --" }, ''],
  ['a wildcard is no wildcard', { text: '%' }, ''],
];

/** What a filter lets through. */
export function filtering(makeStore: MakeStore): void {
  test('filters', async (t) => {
    const vmC = { vmId: 'vm-c', vnicId: 'vnic-c', tenantId: 'blue', ip: '10.0.0.9', mac: '52:54:00:00:00:0c' };
    const outside = { vmId: null, vnicId: null, tenantId: null, mac: null };
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'web', endMs: T0 + 1000 }),
      sampleRow({ key: 'dns', endMs: T0 + 2000, protocol: 17, networkId: 'net-2', dst: { ...vmC, port: 53 } }),
      sampleRow({ key: 'ext', endMs: T0 + 3000, hostId: 'host-2', dst: { ...outside, ip: '198.51.100.4' } }),
      sampleRow({
        key: 'deny',
        endMs: T0 + 4000,
        verdict: 'deny',
        ruleNum: 7,
        ruleId: 'rule-7',
        src: { ip: '2001:db8::7' },
      }),
    ]);
    for (const [what, filter, expected] of FILTERS) {
      const { flows } = await store.query(filter, { limit: 100, order: 'last' });
      assert.deepEqual(flows.map(({ key }) => key).sort(), expected.split(' ').filter(Boolean).sort(), what);
    }
  });

  test('a filter that makes no sense is refused', async (t) => {
    const store = await makeStore(t);
    for (const address of ['10.0.0.0/33', 'fd00::/129', '300.1.1.1', '10.0.0', 'x', '10.0.0.0/8/8']) {
      await assert.rejects(store.query({ address }, { limit: 1 }), { code: 'FLOWSTORE_BAD_FILTER' }, address);
    }
    for (const limit of [0, -1, 1.5, 100_001, Number.NaN]) {
      await assert.rejects(store.query({}, { limit }), { code: 'FLOWSTORE_BAD_FILTER' });
    }
    await assert.rejects(store.series({}, 0), { code: 'FLOWSTORE_BAD_FILTER' });
  });
}
