import { MATRIX_GROUPS, type MatrixCell, type PolicyFinding, type PolicyReach } from '@hypervigil/contract';
import type { Dataset } from './dataset.ts';
import { uuid } from './make.ts';

/** Two findings on the shop's rules, as long as those are there. */
export function demoFindings(data: Dataset): PolicyFinding[] {
  const shop = data.draft.find(({ id }) => id === uuid('policy', 1));
  const named = (n: number) => {
    const rule = shop?.rules.find(({ id }) => id === uuid('rule', n));
    return shop === undefined || rule === undefined
      ? undefined
      : { id: rule.id, num: rule.num, name: rule.name, policyId: shop.id, policy: shop.name, tier: shop.tier };
  };
  const [browsers, database, nobody] = [named(1), named(3), named(4)];
  const network = { id: uuid('network', 1), name: 'aurora-net' };
  const packet = { network, icmpType: null, icmpCode: null, protocol: 6 };
  return [
    ...(browsers
      ? [
          {
            code: 'missing-log' as const,
            reason: 'from-anywhere' as const,
            rule: browsers,
            others: [],
            otherCount: 0,
            witness: { ...packet, src: '203.0.113.7', dst: '10.10.1.11', port: 443 },
          },
        ]
      : []),
    ...(database && nobody
      ? [
          {
            code: 'contradictory' as const,
            reason: 'order' as const,
            rule: nobody,
            others: [database],
            otherCount: 1,
            witness: { ...packet, src: '10.10.1.12', dst: '10.10.1.13', port: 5432 },
          },
        ]
      : []),
  ];
}

/** Of the model's synthetic rules. */
const DEFAULT_DENY = 1;

const ends = (vms: readonly { readonly id: string; readonly name: string }[], cidrs: readonly string[] = []) => ({
  vms: vms.map(({ id, name }) => ({ id, name })),
  vmCount: vms.length,
  cidrs: [...cidrs],
  cidrCount: cidrs.length,
});

/** Whatever is asked: anyone reaches the web server on one port, and nobody its other ports. */
export function demoReach(data: Dataset): PolicyReach[] {
  const shop = data.draft.find(({ id }) => id === uuid('policy', 1));
  const rule = shop?.rules[0];
  const web = data.vms.find(({ id }) => id === uuid('vm', 1));
  if (shop === undefined || rule === undefined || web === undefined) return [];
  const shared = {
    network: { id: uuid('network', 1), name: 'aurora-net' },
    from: ends([], ['0.0.0.0/0', '::/0', '10.10.1.0/24']),
    to: ends([web]),
  };
  const packet = {
    network: shared.network,
    src: '203.0.113.7',
    dst: '10.10.1.11',
    protocol: 6,
    icmpType: null,
    icmpCode: null,
  };
  const named = { id: rule.id, num: rule.num, name: rule.name, policyId: shop.id, policy: shop.name, tier: shop.tier };
  return [
    {
      ...shared,
      verdict: 'allow',
      rule: named,
      ruleNum: rule.num,
      services: ['tcp/443'],
      points: ['egress', 'ingress'],
      witness: { ...packet, port: 443 },
    },
    {
      ...shared,
      verdict: 'deny',
      rule: null,
      ruleNum: DEFAULT_DENY,
      services: ['tcp/1-442', 'tcp/444-65535', 'udp', 'icmp'],
      points: ['ingress'],
      witness: { ...packet, port: 22 },
    },
  ];
}

/** Each group reaches the next on one port, and itself on everything; the last shares no network with others. */
export function demoMatrix({ groups }: Dataset): { groups: { id: string; name: string }[]; items: MatrixCell[] } {
  const shown = groups.map(({ id, name }) => ({ id, name })).slice(0, MATRIX_GROUPS);
  const last = shown.length - 1;
  const packet = {
    network: { id: uuid('network', 1), name: 'aurora-net' },
    protocol: 6,
    icmpType: null,
    icmpCode: null,
  };
  const witness = { ...packet, src: '10.10.1.11', dst: '10.10.1.12', port: 5432 };
  const items = shown.flatMap((_, from) =>
    shown.map((__, to): MatrixCell => {
      const ends = { from, to };
      if (from === to) return { ...ends, allowed: 'everything', services: ['any'], witness };
      if (from === last || to === last) return { ...ends, allowed: 'apart', services: [], witness: null };
      if (to === from + 1) return { ...ends, allowed: 'something', services: ['tcp/5432'], witness };
      return { ...ends, allowed: 'nothing', services: [], witness: null };
    }),
  );
  return { groups: shown, items };
}
