import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMember, type Service } from '@hypervigil/model';
import fc from 'fast-check';
import type { Traffic } from '../src/analysis/describe.ts';
import type { Where } from '../src/analysis/end.ts';
import { inBlock } from '../src/evaluate.ts';
import {
  type CloudState,
  createAnalysis,
  evaluatePolicies,
  inAddressSet,
  type Packet,
  PROTOCOL,
} from '../src/index.ts';
import { AT, cloudState, holders, idOf, isPossible, packet, runs } from '../src/testing/index.ts';

const packets = fc.array(packet, { minLength: 1, maxLength: 30 });

function serviceOf({ protocol, port, icmp }: Packet): Service {
  const [name] = Object.entries(PROTOCOL).find(([, number]) => number === protocol) ?? [];
  if (name === 'tcp' || name === 'udp' || name === 'sctp') return { protocol: name, ports: [String(port)] };
  if (name === 'icmp' || name === 'icmpv6') return { protocol: name, ...icmp };
  return { protocol: 'ip', number: protocol };
}

/** Whether a packet is among described traffic. */
function isAmong(clouds: readonly CloudState[], { network, from, to, services }: Traffic, one: Packet): boolean {
  const isAt = ({ vmIds, cidrs }: Traffic['from'], address: string) =>
    clouds.some((cloud) => holders(cloud, network, address).some(({ id }) => vmIds.includes(id))) ||
    cidrs.some((cidr) => inBlock(cidr, address));
  const family = one.src.includes(':') ? 'ipv6' : 'ipv4';
  const detail = one.port ?? (one.icmp ? one.icmp.type * 256 + one.icmp.code : 0);
  return (
    network === one.network &&
    isAt(from, one.src) &&
    isAt(to, one.dst) &&
    services.some(
      (some) =>
        (some.family === 'ip' || some.family === family) &&
        (some.protocol === null || some.protocol === one.protocol) &&
        (some.range === null || (some.range.first <= detail && detail <= some.range.last)),
    )
  );
}

test('what is said to become of any packet is what the policies say of it', () => {
  fc.assert(
    fc.property(cloudState, packets, (cloud, some) => {
      const analysis = createAnalysis(cloud, AT);
      for (const one of some.filter((each) => isPossible(cloud, each))) {
        const asked = { from: { cidrs: [one.src] }, to: { cidrs: [one.dst] }, services: [serviceOf(one)] };
        const found = [...analysis.reach(asked)].filter(({ network }) => network === one.network);
        assert.deepEqual(
          found.map(({ verdict, ruleNum, tier }) => ({ verdict, ruleNum, tier })),
          [evaluatePolicies(cloud, one, AT)],
        );
      }
    }),
    runs(200),
  );
});

test('a question about an address set is one about its addresses', () => {
  fc.assert(
    fc.property(cloudState, packets, (cloud, some) => {
      const [set] = cloud.addressSets;
      const found = [...createAnalysis(cloud, AT).reach({ from: {}, to: { addressSetIds: [set!.id] } })];
      for (const one of some.filter((each) => isPossible(cloud, each))) {
        const parts = found.filter((part) => isAmong([cloud], part, one));
        const { verdict } = evaluatePolicies(cloud, one, AT);
        if (inAddressSet(set!, one.dst)) assert.ok(parts.some((part) => part.verdict === verdict));
        // Of a VM with several addresses a part does not say which of them it means.
        else if (holders(cloud, one.network, one.dst).length === 0) assert.deepEqual(parts, []);
      }
    }),
    runs(200),
  );
});

test('all traffic of a cloud: each part has a packet that shows it, and each packet is in a part that tells its verdict', () => {
  fc.assert(
    fc.property(cloudState, packets, (cloud, some) => {
      const parts = [...createAnalysis(cloud, AT).reach({ from: {}, to: {} })];
      for (const part of parts) {
        const { verdict, ruleNum, tier, witness } = part;
        assert.ok(isPossible(cloud, witness), JSON.stringify(witness));
        assert.ok(isAmong([cloud], part, witness));
        assert.deepEqual(evaluatePolicies(cloud, witness, AT), { verdict, ruleNum, tier });
      }
      for (const one of some.filter((each) => isPossible(cloud, each))) {
        const decision = evaluatePolicies(cloud, one, AT);
        const around = parts.filter((part) => isAmong([cloud], part, one));
        assert.ok(around.some(({ verdict, ruleNum }) => verdict === decision.verdict && ruleNum === decision.ruleNum));
      }
    }),
    runs(150),
  );
});

const where: fc.Arbitrary<Where> = fc.oneof(
  fc.constant<Where>({}),
  fc.integer({ min: 1, max: 6 }).map((n) => ({ vmIds: [idOf('vm', n)] })),
  fc.integer({ min: 1, max: 4 }).map((n) => ({ groupIds: [idOf('group', n)] })),
  fc.integer({ min: 1, max: 3 }).map((n) => ({ tenantIds: [idOf('tenant', n)] })),
  fc.constantFrom('10.0.1.0/30', '192.0.2.0/24', '2001:db8:1::/64', '10.0.0.0/8').map((cidr) => ({ cidrs: [cidr] })),
  fc.constant<Where>({ outside: true }),
);

/** Whether an address is at an asked end; the slow way. */
function isAtEnd(cloud: CloudState, end: Where, network: number, address: string): boolean {
  const { vmIds = [], groupIds = [], tenantIds = [], cidrs = [], outside = false } = end;
  const here = holders(cloud, network, address);
  const groups = new Map(cloud.groups.map((group) => [group.id, group]));
  const networkId = cloud.networks.find(({ num }) => num === network)!.id;
  return (
    Object.keys(end).length === 0 ||
    (outside && here.length === 0) ||
    cidrs.some((cidr) => inBlock(cidr, address)) ||
    here.some(
      (vm) =>
        vmIds.includes(vm.id) ||
        tenantIds.some((id) => id === vm.tenantId) ||
        groupIds.some((id) => isMember(groups, id, vm, networkId)),
    )
  );
}

test('an assertion that holds has no packet against it; one that does not comes with one', () => {
  const seen = { holds: 0, broken: 0 };
  fc.assert(
    fc.property(
      cloudState,
      packets,
      where,
      where,
      fc.option(where, { nil: undefined }),
      fc.constantFrom('allow' as const, 'deny' as const),
      (cloud, some, from, to, except, verdict) => {
        const services: Service[] = [{ protocol: 'tcp', ports: ['22', '80-8080'] }];
        const isMeant = ({ network, src, dst, protocol, port = -1 }: Packet) =>
          isAtEnd(cloud, from, network, src) &&
          isAtEnd(cloud, to, network, dst) &&
          !(except && isAtEnd(cloud, except, network, src)) &&
          protocol === PROTOCOL.tcp &&
          (port === 22 || (80 <= port && port <= 8080));
        const asked = { from, to, services, verdict, ...(except ? { except } : {}) };
        const found = createAnalysis(cloud, AT).violation(asked);
        if (found) {
          const { witness, verdict: is, ruleNum, tier } = found;
          assert.ok(isPossible(cloud, witness) && isMeant(witness), JSON.stringify(witness));
          assert.notEqual(is, verdict);
          assert.deepEqual(evaluatePolicies(cloud, witness, AT), { verdict: is, ruleNum, tier });
          seen.broken++;
        } else {
          for (const one of some.filter((each) => isPossible(cloud, each) && isMeant(each)))
            assert.equal(evaluatePolicies(cloud, one, AT).verdict, verdict);
          seen.holds++;
        }
      },
    ),
    runs(500),
  );
  assert.ok(seen.holds > 0 && seen.broken > 0, JSON.stringify(seen));
});

test('a cell of the matrix says what gets through between its ends', () => {
  fc.assert(
    fc.property(cloudState, packets, fc.array(where, { minLength: 1, maxLength: 4 }), (cloud, some, ends) => {
      const cells = createAnalysis(cloud, AT).matrix(ends);
      assert.equal(cells.length, ends.length ** 2);
      for (const { from, to, allowed, services, witness } of cells) {
        const isBetween = ({ network, src, dst }: Packet) =>
          isAtEnd(cloud, ends[from]!, network, src) && isAtEnd(cloud, ends[to]!, network, dst);
        assert.equal(witness !== null, allowed === 'everything' || allowed === 'something');
        if (witness) {
          assert.ok(isBetween(witness) && isPossible(cloud, witness));
          assert.equal(evaluatePolicies(cloud, witness, AT).verdict, 'allow');
        }
        for (const one of some.filter((each) => isPossible(cloud, each) && isBetween(each))) {
          const { verdict } = evaluatePolicies(cloud, one, AT);
          assert.notEqual(allowed, 'apart');
          if (verdict === 'allow') {
            assert.notEqual(allowed, 'nothing');
            const anywhere = { vmIds: [], cidrs: ['0.0.0.0/0', '::/0'], cidrCount: 2 };
            assert.ok(isAmong([cloud], { network: one.network, from: anywhere, to: anywhere, services }, one));
          } else assert.notEqual(allowed, 'everything');
        }
      }
    }),
    runs(200),
  );
});

test('two states differ in exactly the traffic that is said to be opened or closed', () => {
  let changes = 0;
  fc.assert(
    fc.property(cloudState, cloudState, fc.boolean(), packets, (cloud, other, isPolicyAlone, some) => {
      const later = isPolicyAlone ? { ...cloud, policies: other.policies } : other;
      const found = [...createAnalysis(cloud, AT).compare(later)];
      changes += found.length;
      for (const part of found) {
        const { change, witness, before, after } = part;
        const [was, is] = [evaluatePolicies(cloud, witness, AT), evaluatePolicies(later, witness, AT)];
        assert.deepEqual([was.verdict, is.verdict], change === 'opened' ? ['deny', 'allow'] : ['allow', 'deny']);
        assert.deepEqual([was.ruleNum, is.ruleNum], [before.ruleNum, after.ruleNum]);
        assert.ok(isAmong([cloud, later], part, witness));
      }
      for (const one of some.filter((each) => isPossible(cloud, each) || isPossible(later, each))) {
        const [was, is] = [evaluatePolicies(cloud, one, AT).verdict, evaluatePolicies(later, one, AT).verdict];
        const change = is === 'allow' ? 'opened' : 'closed';
        const isSaid = found.some((part) => part.change === change && isAmong([cloud, later], part, one));
        if (was !== is) assert.ok(isSaid, JSON.stringify(one));
      }
    }),
    runs(200),
  );
  assert.ok(changes > 0);
});

test('a state does not differ from itself', () => {
  fc.assert(
    fc.property(cloudState, (cloud) => {
      assert.deepEqual([...createAnalysis(cloud, AT).compare(structuredClone(cloud))], []);
    }),
    runs(100),
  );
});
