import type { FlowRow } from '@hypervigil/flowstore';
import type { FlowDirectory } from '@hypervigil/platform';

const VMS = 1_000;
const RULES = 200;
const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const ids = (first: number, count: number): string[] => Array.from({ length: count }, (_, n) => idOf(first + n));

/** Made once, as the platform knows them: a text is not made for every flow. */
const TENANTS = ids(0x2_0000, 20);
const HOSTS = ids(0x3_0000, 20);
const NETWORKS = ids(0x4_0000, 40);
const RULE_IDS = ids(0x5_0000, RULES);
const POLICIES = ids(0x6_0000, 20);
const VM_ENDS = Array.from({ length: VMS }, (_, vm) => ({
  ip: `10.0.${vm >>> 8}.${vm & 255}`,
  mac: `52:54:00:00:${(vm >>> 8).toString(16).padStart(2, '0')}:${(vm & 255).toString(16).padStart(2, '0')}`,
  ...{ vmId: idOf(vm), vnicId: idOf(0x1_0000 + vm), tenantId: TENANTS[vm % TENANTS.length]! },
}));
const NOBODY = { mac: null, vmId: null, vnicId: null, tenantId: null };

/** Whose the addresses and numbers of these flows are; all of them are on one network. */
export function cloudDirectory(): FlowDirectory {
  const owners = new Map(VM_ENDS.map((end) => [end.ip, end]));
  const rules = new Map(
    RULE_IDS.map((id, n) => [100 + n, { id, policyId: POLICIES[n % POLICIES.length]!, tier: 'tenant' }] as const),
  );
  return {
    owner: (_network, ip) => owners.get(ip),
    origin: () => ({}),
    networkId: () => NETWORKS[0]!,
    rule: (num) => rules.get(num),
  };
}

export const vmEnd = (vm: number) => VM_ENDS[vm]!;

/**
 * The flow with this number, always the same. A VM speaks to another, or to one of many outside; one flow in eight is denied,
 * one in a hundred is large.
 */
export function cloudFlow(n: number, endMs: number): FlowRow {
  const random = (salt: number) => scrambled(n ^ Math.imul(salt, 0x85eb_ca6b));
  const src = random(1) % VMS;
  const far = random(4);
  const internet = `${11 + (far % 180)}.${(far >>> 8) & 255}.${(far >>> 16) & 255}.${far >>> 24}`;
  const dst = random(2) % 4 === 0 ? { ip: internet, ...NOBODY } : VM_ENDS[random(3) % VMS]!;
  const denied = random(5) % 8 === 0;
  const bytes = random(6) % 100 === 0 ? 2_000_000 + (random(7) % 1_000_000) : 200 + (random(7) % 20_000);
  const rule = random(11) % RULES;
  return {
    ...{ key: keyOf(random(13), random(14)), hostId: HOSTS[src % HOSTS.length]!, point: 'egress' },
    ...{ networkId: NETWORKS[src % NETWORKS.length]!, protocol: random(8) % 5 === 0 ? 17 : 6 },
    src: { ...VM_ENDS[src]!, port: 32_768 + (random(9) % 28_000) },
    dst: { ...dst, port: [443, 443, 443, 53, 5432, 8080, 22, 3389][random(10) % 8]! },
    ...{ icmpType: null, icmpCode: null, verdict: denied ? 'deny' : 'allow', ruleNum: 100 + rule },
    ...{ ruleId: RULE_IDS[rule]!, policyId: POLICIES[rule % POLICIES.length]!, tier: 'tenant' },
    ...{ pending: null, inspection: null, revision: 7 },
    ...{
      isFirst: true,
      startMs: endMs - (random(12) % 60_000),
      endMs,
      bytes: denied ? 60 : bytes,
      packets: denied ? 1 : 12,
    },
    ...{ replyBytes: denied ? 0 : bytes * 3, replyPackets: denied ? 0 : 14, tcpFlags: 0x1b },
  };
}

/** Every bit of the result depends on every bit of the number (Chris Wellons, "Prospecting for Hash Functions": lowbias32). */
function scrambled(n: number): number {
  let x = n ^ (n >>> 16);
  x = Math.imul(x, 0x7feb_352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846c_a68b);
  return (x ^ (x >>> 16)) >>> 0;
}

const keyBytes = Buffer.alloc(6);

/** As engines make them: 48 bits that nothing else tells. */
function keyOf(high: number, low: number): string {
  keyBytes.writeUInt16BE(high & 0xffff, 0);
  keyBytes.writeUInt32BE(low, 2);
  return keyBytes.toString('base64url');
}
