import type { FlowRow } from '../flow.ts';

type Changes = Partial<Omit<FlowRow, 'src' | 'dst'>> & { src?: Partial<FlowRow['src']>; dst?: Partial<FlowRow['dst']> };

export const T0 = Date.UTC(2026, 0, 15, 12);

const VM_A: FlowRow['src'] = {
  ip: '10.0.0.7',
  port: 40000,
  mac: '52:54:00:00:00:07',
  vmId: 'vm-a',
  vnicId: 'vnic-a',
  tenantId: 'red',
};
const VM_B: FlowRow['dst'] = {
  ip: '10.0.0.8',
  port: 443,
  mac: '52:54:00:00:00:08',
  vmId: 'vm-b',
  vnicId: 'vnic-b',
  tenantId: 'red',
};

/** An allowed HTTPS connection from VM A to VM B, with what the test changes. */
export function sampleRow(changes: Changes = {}): FlowRow {
  return {
    key: 'k1',
    hostId: 'host-1',
    point: 'egress',
    networkId: 'net-1',
    protocol: 6,
    icmpType: null,
    icmpCode: null,
    verdict: 'allow',
    ruleNum: 100,
    ruleId: 'rule-100',
    policyId: 'policy-1',
    tier: 'application',
    pending: null,
    inspection: null,
    revision: 1,
    bytes: 1000,
    packets: 10,
    replyBytes: 5000,
    replyPackets: 12,
    tcpFlags: 0x1b,
    startMs: T0,
    endMs: T0 + 1000,
    ...changes,
    src: { ...VM_A, ...changes.src },
    dst: { ...VM_B, ...changes.dst },
  };
}
