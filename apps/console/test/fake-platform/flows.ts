import { type Flow, SYNTHETIC_RULES, type Vm } from '@hypervigil/model';
import { MINUTE, SECOND, seeded, uuid } from './make.ts';

interface Sketch {
  readonly src: Vm | string;
  readonly dst: Vm | string;
  readonly protocol: number;
  readonly port: number;
  readonly verdict: Flow['verdict'];
  /** A person's rule by number, or a synthetic one's number. */
  readonly rule: number;
  /** A staged rule by number, and what it would say. */
  readonly pending?: readonly [verdict: Flow['verdict'], rule: number];
  readonly inspection?: Flow['inspection'];
  readonly bytes: number;
  readonly ageMs: number;
  readonly n: number;
}

/** As by files that the platform was given. */
const ORIGINS: Readonly<Record<string, Pick<Flow['src'], 'country' | 'asn' | 'organisation'>>> = {
  '203.0.113.9': { country: 'DE', asn: 64_500, organisation: 'Example Carrier' },
  '198.51.100.53': { country: 'IS' },
};

const end = (of: Vm | string, port: number): Flow['src'] =>
  typeof of === 'string'
    ? { ip: of, port, mac: null, vmId: null, vnicId: null, tenantId: null, ...ORIGINS[of] }
    : {
        ip: of.vnics[0]!.ipv4[0]!,
        port,
        mac: of.vnics[0]!.mac,
        vmId: of.id,
        vnicId: of.vnics[0]!.id,
        tenantId: of.tenantId,
      };

const policyOf = (rule: number) => (rule >= 100 ? uuid('policy', rule - 99 <= 4 ? 1 : 2) : null);

function flow(s: Sketch): Flow {
  const denied = s.verdict === 'deny';
  const at = Date.now() - s.ageMs;
  const judge = typeof s.src === 'string' ? s.dst : s.src;
  return {
    id: `f${s.n.toString(36).padStart(8, '0')}`,
    hostId: (typeof judge === 'string' ? undefined : judge.hostId) ?? uuid('host', 1),
    point: typeof s.src === 'string' ? 'ingress' : 'egress',
    networkId: typeof judge === 'string' ? null : judge.vnics[0]!.networkId,
    protocol: s.protocol,
    src: end(s.src, s.protocol === 1 ? 0 : 32_768 + (s.n % 28_000)),
    dst: end(s.dst, s.port),
    icmpType: s.protocol === 1 ? 8 : null,
    icmpCode: s.protocol === 1 ? 0 : null,
    verdict: s.verdict,
    ruleNum: s.rule,
    ruleId: s.rule >= 100 ? uuid('rule', s.rule - 99) : null,
    policyId: policyOf(s.rule),
    pending: s.pending
      ? {
          verdict: s.pending[0],
          ruleNum: s.pending[1],
          ruleId: uuid('rule', s.pending[1] - 99),
          policyId: policyOf(s.pending[1]),
        }
      : null,
    inspection: s.inspection ?? null,
    revision: 7,
    bytes: s.bytes,
    packets: Math.max(1, Math.round(s.bytes / 900)),
    replyBytes: denied ? 0 : s.bytes * 4,
    replyPackets: denied ? 0 : Math.max(1, Math.round(s.bytes / 400)),
    tcpFlags: s.protocol !== 6 ? 0 : denied ? 2 : 27,
    startedAt: new Date(at - (denied ? 0 : 1200)).toISOString(),
    lastAt: new Date(at).toISOString(),
  };
}

export function demoFlows(vms: readonly Vm[]): Flow[] {
  const [web, app, db, other] = vms as readonly [Vm, Vm, Vm, Vm];
  const random = seeded(3);
  const patterns: readonly Omit<Sketch, 'ageMs' | 'n'>[] = [
    {
      src: '203.0.113.9',
      dst: web,
      protocol: 6,
      port: 443,
      verdict: 'allow',
      rule: 100,
      inspection: {
        outcome: 'through',
        gatewayNum: 1,
        gatewayId: uuid('gateway', 1),
        gateways: [1, 2].map((num) => ({ gatewayNum: num, gatewayId: uuid('gateway', num) })),
        applications: ['TLS', 'Wikipedia'],
        name: 'shop.example.com',
        risks: [7],
        signatures: [
          {
            id: 1_078_002,
            revision: 1,
            message: 'Log4Shell: JNDI lookup',
            category: 'Attempted Administrator Privilege Gain',
            severity: 1,
            application: 'http',
            at: new Date(Date.UTC(2026, 0, 1)).toISOString(),
          },
        ],
        blocked: null,
      },
      bytes: 4_200,
    },
    { src: web, dst: app, protocol: 6, port: 8080, verdict: 'allow', rule: 101, bytes: 31_000 },
    { src: app, dst: db, protocol: 6, port: 5432, verdict: 'allow', rule: 102, bytes: 120_000 },
    { src: web, dst: db, protocol: 6, port: 5432, verdict: 'deny', rule: 103, bytes: 74 },
    {
      src: app,
      dst: '198.51.100.53',
      protocol: 17,
      port: 53,
      verdict: 'allow',
      rule: 104,
      pending: ['deny', 106],
      bytes: 90,
    },
    {
      src: other,
      dst: web,
      protocol: 6,
      port: 22,
      verdict: 'deny',
      rule: SYNTHETIC_RULES['tenant-isolation'],
      bytes: 60,
    },
    { src: web, dst: app, protocol: 1, port: 0, verdict: 'allow', rule: SYNTHETIC_RULES['same-tenant'], bytes: 84 },
    {
      src: other,
      dst: db,
      protocol: 6,
      port: 3306,
      verdict: 'deny',
      rule: SYNTHETIC_RULES['tenant-isolation'],
      bytes: 60,
    },
  ];
  return Array.from({ length: 400 }, (_, n) => {
    const pattern = patterns[Math.floor(random() ** 1.3 * patterns.length)]!;
    const swing = 0.5 + random() * 2;
    return flow({ ...pattern, bytes: Math.round(pattern.bytes * swing), ageMs: n * 8.5 * SECOND, n });
  });
}

export function busyFlows(vms: readonly Vm[], count: number): Flow[] {
  const random = seeded(11);
  const pick = () => vms[Math.floor(random() * vms.length)]!;
  const ports = [443, 80, 5432, 6379, 53, 22, 8080];
  return Array.from({ length: count }, (_, n) => {
    const src = pick();
    const dst = pick();
    const isolated = src.tenantId !== dst.tenantId;
    return flow({
      src,
      dst,
      protocol: 6,
      port: ports[Math.floor(random() * ports.length)]!,
      verdict: isolated ? 'deny' : 'allow',
      rule: isolated ? SYNTHETIC_RULES['tenant-isolation'] : SYNTHETIC_RULES['same-tenant'],
      bytes: Math.round(60 + random() ** 6 * 5_000_000),
      ageMs: (n * 55 * MINUTE) / count,
      n,
    });
  });
}
