import type { PolicyFinding } from '@hypervigil/contract';
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
