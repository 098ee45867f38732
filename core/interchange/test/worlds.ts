import assert from 'node:assert/strict';
import { type CloudState, type CloudVm, cloudGroup, evaluatePolicies, type Packet, PROTOCOL } from '@hypervigil/policy';
import fc from 'fast-check';
import { createDirectory } from '../src/directory.ts';
import {
  groupBody,
  type Imported,
  type ImportResult,
  type PolicyDocument,
  policyBody,
  readDocument,
  writeDocument,
} from '../src/index.ts';
import { idOf } from './states.ts';

/** Small clouds in which an imported document is held against what its source means. */

export interface TestVm {
  readonly address: string;
  readonly address6: string;
  readonly tags: Readonly<Record<string, string>>;
}

export function imported(result: ImportResult): Imported {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

/** What an importer makes can be written and read again. */
export function readable(document: PolicyDocument): void {
  const read = readDocument(writeDocument(document));
  assert.ok(read.ok, JSON.stringify(read));
}

/** The cloud that has these VMs and nothing but the document's policies. No tenant: no default allows anything. */
export function cloudOf(document: PolicyDocument, vms: readonly TestVm[]): CloudState {
  const cloudVms = vms.map(({ address, address6, tags }, i): CloudVm => {
    const n = i + 1;
    const mac = `52:54:00:00:00:${n.toString(16).padStart(2, '0')}`;
    const vnic = {
      id: idOf('vm', 100 + n),
      num: n,
      networkId: idOf('network', 1),
      mac,
      ipv4: [address],
      ipv6: [address6],
    };
    return { id: idOf('vm', n), tenantId: null, tags, vnics: [vnic], quarantined: false };
  });
  const directory = createDirectory({
    tenant: [],
    network: [],
    group: [],
    'address-set': [],
    schedule: [],
    'named-service': [],
    'gateway-group': [],
    mirror: [],
    vm: cloudVms.map(({ id }) => ({ id, name: id })),
  });
  const unresolved = (mistake: unknown) => assert.fail(JSON.stringify(mistake));
  const groups = document.groups.map((group, i) => {
    const id = idOf('group', i + 1);
    directory.add('group', { id, name: group.name });
    return cloudGroup({ ...groupBody(group, directory, unresolved), id, num: i + 1 });
  });
  const policies = document.policies.map((policy, p) => {
    const body = policyBody(policy, directory, unresolved);
    const rules = body.rules.map((rule, r) => ({ ...rule, id: idOf('rule', 1000 * p + r), num: 100 + 1000 * p + r }));
    return { ...body, id: idOf('policy', p + 1), rules };
  });
  return {
    tenants: [],
    networks: [{ id: idOf('network', 1), num: 1, vlan: null, tenantId: null }],
    vms: cloudVms,
    groups,
    addressSets: [],
    schedules: [],
    namedServices: [],
    limits: [],
    policies,
  };
}

export const verdict = (cloud: CloudState, packet: Packet) => evaluatePolicies(cloud, packet, new Date(0)).verdict;

const OUTSIDE = ['192.0.2.7', '203.0.113.9', '10.9.9.9'];
const OUTSIDE6 = ['2001:db8:9::9', '2001:db8:8::8'];

/** Packets among these VMs and the outside, on the ports and protocols that the tests' rules speak of. */
export function packets(vms: readonly TestVm[]): fc.Arbitrary<Packet> {
  const pools = { 4: [...vms.map((vm) => vm.address), ...OUTSIDE], 6: [...vms.map((vm) => vm.address6), ...OUTSIDE6] };
  const service = fc.constantFrom<Pick<Packet, 'protocol' | 'port'>>(
    { protocol: PROTOCOL.tcp, port: 80 },
    { protocol: PROTOCOL.tcp, port: 443 },
    { protocol: PROTOCOL.tcp, port: 22 },
    { protocol: PROTOCOL.udp, port: 53 },
    { protocol: PROTOCOL.udp, port: 443 },
    { protocol: PROTOCOL.sctp, port: 80 },
    { protocol: 47 },
  );
  return fc
    .record({
      six: fc.boolean(),
      echo: fc.constantFrom(false, false, true),
      type: fc.constantFrom(0, 8, 128),
      src: fc.nat(),
      dst: fc.nat(),
      service,
    })
    .map(({ six, echo, type, src, dst, service }) => {
      const pool = pools[six ? 6 : 4];
      const ends = { network: 1, src: pool[src % pool.length]!, dst: pool[dst % pool.length]! };
      if (!echo) return { ...ends, ...service };
      return { ...ends, protocol: six ? PROTOCOL.icmpv6 : PROTOCOL.icmp, icmp: { type, code: 0 } };
    })
    .filter(({ src, dst }) => src !== dst);
}
