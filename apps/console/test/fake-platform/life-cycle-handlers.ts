import type { CheckedAssertion, PolicyComparison } from '@hypervigil/contract';
import { type Handlers, page, type State } from './handlers.ts';
import { ago, MINUTE, uuid } from './make.ts';

const end = { vmIds: [], groupIds: [], tenantIds: [], cidrs: [], outside: false };
const network = { id: uuid('network', 1), name: 'aurora-net' };
const witness = {
  network,
  src: '10.10.1.11',
  dst: '10.10.1.12',
  protocol: 6,
  port: 22,
  icmpType: null,
  icmpCode: null,
};
const rule = {
  id: uuid('rule', 1),
  num: 101,
  name: 'web to db',
  policyId: uuid('policy', 1),
  policy: 'base',
  tier: 'platform' as const,
};

/** One that holds and one that does not. */
const ASSERTIONS: readonly CheckedAssertion[] = [
  {
    id: uuid('assertion', 1),
    name: 'Only the bastion administers databases',
    kind: 'only',
    from: { ...end, groupIds: [uuid('group', 1)] },
    to: { ...end, groupIds: [uuid('group', 2)] },
    services: [{ protocol: 'tcp', ports: ['22'] }],
    owner: 'security',
    comment: '',
    enabled: true,
    revision: 1,
    changedAt: ago(90 * MINUTE),
    state: 'violated',
    violation: {
      verdict: 'allow',
      rule,
      ruleNum: rule.num,
      from: { id: uuid('vm', 1), name: 'aurora-web' },
      to: { id: uuid('vm', 2), name: 'aurora-db' },
      packet: witness,
    },
    checkedAt: ago(MINUTE),
  },
  {
    id: uuid('assertion', 2),
    name: 'Tenants stay apart',
    kind: 'never',
    from: { ...end, tenantIds: [uuid('tenant', 1)] },
    to: { ...end, tenantIds: [uuid('tenant', 2)] },
    services: [],
    owner: '',
    comment: '',
    enabled: true,
    revision: 1,
    changedAt: ago(90 * MINUTE),
    state: 'holds',
    violation: null,
    checkedAt: ago(MINUTE),
  },
];

const nobody = { vms: [], vmCount: 0, cidrs: [], cidrCount: 0, groups: [], tenants: [] };

const COMPARISON: PolicyComparison = {
  before: 7,
  after: 8,
  policies: [
    {
      action: 'changed',
      id: uuid('policy', 1),
      name: 'base',
      tier: 'platform',
      fields: [{ field: 'order', before: 1, after: 2 }],
      rules: [
        {
          action: 'changed',
          id: rule.id,
          name: rule.name,
          place: 1,
          fields: [{ field: 'from.groupIds', before: [], after: [uuid('group', 1)] }],
        },
      ],
    },
  ],
  moreRules: 0,
  names: { [uuid('group', 1)]: 'aurora-web' },
  reach: [
    {
      change: 'opened',
      network,
      from: { ...nobody, groups: [{ id: uuid('group', 1), name: 'aurora-web' }] },
      to: { ...nobody, vms: [{ id: uuid('vm', 2), name: 'aurora-db' }], vmCount: 1 },
      services: ['tcp/22'],
      before: { rule: null, ruleNum: 2 },
      after: { rule, ruleNum: rule.num },
      witness,
    },
  ],
  moreReach: false,
};

export function lifeCycleHandlers({ data }: State): Handlers {
  return {
    listAssertions: ({ query }) => page(data.tenants.length === 0 ? [] : [...ASSERTIONS], query),
    comparePolicies: () => COMPARISON,
  };
}
