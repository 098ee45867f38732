import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type CloudState,
  evaluatePolicies,
  type Packet,
  type Simulation,
  simulate,
  type Traffic,
} from '../src/index.ts';
import { AT, cloudPolicy, cloudState, holders, idOf, isPossible, packet, runs } from '../src/testing/index.ts';

function finish<T extends Traffic>(steps: Generator<void, Simulation<T>>): Simulation<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** A packet as the flow store tells of it. */
function recorded(cloud: CloudState, { network, src, dst, protocol, port, icmp }: Packet): Traffic {
  const end = (ip: string) => ({ ip, vmId: holders(cloud, network, ip)[0]?.id ?? null });
  return {
    networkId: idOf('network', network),
    src: end(src),
    dst: end(dst),
    protocol,
    port: port ?? 0,
    icmpType: icmp?.type ?? null,
    icmpCode: icmp?.code ?? null,
  };
}

test('a simulation names exactly the traffic of which the definition says different things', () => {
  const world = fc.tuple(cloudState, fc.array(cloudPolicy(9), { maxLength: 1 }), fc.array(packet, { maxLength: 20 }));
  fc.assert(
    fc.property(world, ([cloud, added, packets]) => {
      const policies = [...cloud.policies.slice(1), ...added];
      const possible = packets.filter((one) => isPossible(cloud, one));
      const traffic = possible.map((one) => recorded(cloud, one));
      const { changes, unplaced } = finish(simulate(cloud, policies, traffic, AT));
      assert.deepEqual(unplaced, []);
      const expected = possible.flatMap((one, i) => {
        const [before, after] = [evaluatePolicies(cloud, one, AT), evaluatePolicies({ ...cloud, policies }, one, AT)];
        return before.verdict === after.verdict ? [] : [{ traffic: traffic[i], before, after }];
      });
      assert.deepEqual(changes, expected);
    }),
    runs(800),
  );
});

test('traffic of a VM that is gone or has another address is set apart, not judged as somebody else’s', () => {
  const [vm] = fc.sample(cloudState, { seed: 3, numRuns: 1 }).map(({ vms }) => vms[0]!);
  const cloud: CloudState = {
    tenants: [],
    networks: [{ id: idOf('network', 1), num: 1, vlan: 1, tenantId: null }],
    vms: [vm!],
    groups: [],
    addressSets: [],
    schedules: [],
    namedServices: [],
    limits: [],
    policies: [],
  };
  const outside = { vmId: null, ip: '198.51.100.1' };
  const base = { networkId: idOf('network', 1), protocol: 6, port: 80, icmpType: null, icmpCode: null };
  const gone: Traffic[] = [
    { ...base, src: { vmId: idOf('vm', 77), ip: '10.0.1.77' }, dst: outside },
    { ...base, src: { vmId: vm!.id, ip: '10.0.1.99' }, dst: outside },
    { ...base, networkId: idOf('network', 8), src: outside, dst: outside },
    { ...base, networkId: null, src: outside, dst: outside },
  ];
  assert.deepEqual(finish(simulate(cloud, [], gone, AT)), { changes: [], unplaced: gone });
});
