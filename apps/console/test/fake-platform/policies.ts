import type { DraftPolicy } from '@hypervigil/contract';
import { ANYONE, type Group, type Peer, type Rule, type Service, UNLIMITED } from '@hypervigil/model';
import { ago, HOUR, MINUTE, uuid } from './make.ts';

const group = (
  n: number,
  name: string,
  description: string,
  tenant: number | null,
  selector: string,
  vmIds: string[] = [],
): Group => ({
  id: uuid('group', n),
  num: n,
  name,
  description,
  tenantId: tenant === null ? null : uuid('tenant', tenant),
  vmIds,
  selector,
  networkIds: [],
  tenantIds: [],
  groupIds: [],
  revision: 1,
  changedAt: ago(3 * HOUR),
});

export const demoGroups = (): Group[] => [
  group(1, 'web-servers', 'Everything that answers browsers', 1, 'role=web'),
  group(2, 'app-servers', 'Business logic of the shop', 1, 'role=app'),
  group(3, 'databases', 'PostgreSQL of the shop', 1, 'role=db'),
  group(4, '应急隔离', '正在调查的虚拟机', null, '', []),
];

const peer = (part: Partial<Peer>): Peer => ({ ...ANYONE, ...part });
const tcp = (...ports: string[]): Service => ({ protocol: 'tcp', ports });
const rule = (
  n: number,
  name: string,
  action: Rule['action'],
  from: Peer,
  to: Peer,
  services: Service[],
  comment = '',
): Rule => ({
  id: uuid('rule', n),
  num: 99 + n,
  name,
  enabled: true,
  action,
  from,
  to,
  services,
  log: action === 'deny',
  logSampling: null,
  comment,
  owner: 'admin',
  expiresAt: null,
  staged: false,
  scheduleId: null,
  mirrorId: null,
  limits: UNLIMITED,
  namedServiceIds: [],
});
const groups = (...n: number[]) => peer({ groupIds: n.map((g) => uuid('group', g)) });

export const demoPolicies = (): DraftPolicy[] => [
  {
    id: uuid('policy', 1),
    name: 'shop',
    description: 'Browsers to web, web to app, app to database; nothing else reaches the database.',
    tier: 'tenant',
    tenantId: uuid('tenant', 1),
    order: 10,
    enabled: true,
    rules: [
      {
        ...rule(1, 'Browsers to web', 'allow', peer({}), groups(1), [tcp('443')]),
        limits: { ...UNLIMITED, newConnections: { perSecond: 2_000, burst: null }, open: 50_000 },
      },
      rule(2, 'Web to app', 'allow', groups(1), groups(2), [tcp('8080')]),
      rule(3, 'App to database', 'allow', groups(2), groups(3), [tcp('5432')], 'Asked for in CHG-1042'),
      rule(4, 'Nobody else to database', 'deny', peer({}), groups(3), []),
    ],
    revision: 3,
    changedAt: ago(18 * MINUTE),
    change: 'none',
    ruleChanges: {},
  },
  {
    id: uuid('policy', 2),
    name: 'name-service',
    description: 'Everybody may resolve names.',
    tier: 'platform',
    tenantId: null,
    order: 100,
    enabled: true,
    rules: [
      {
        ...rule(7, 'Names over TLS only', 'deny', peer({}), peer({ cidrs: ['198.51.100.53'] }), [
          { protocol: 'udp', ports: ['53'] },
        ]),
        staged: true,
      },
      rule(5, 'Resolve names', 'allow', peer({}), peer({ cidrs: ['198.51.100.53', '2001:db8:53::/48'] }), [
        { protocol: 'udp', ports: ['53'] },
        tcp('53', '853'),
      ]),
      rule(6, 'Ping', 'pass', peer({}), peer({}), [
        { protocol: 'icmp', type: 8 },
        { protocol: 'icmpv6', type: 128 },
      ]),
    ],
    revision: 1,
    changedAt: ago(5 * HOUR),
    change: 'none',
    ruleChanges: {},
  },
];
