import { createAuthorizer, type Principal, type Resource } from '@hypervigil/authz';
import { api, type Endpoint } from '@hypervigil/contract';
import { DUTIES, type Duty, type Id, isTenantDuty, PERMISSIONS, type Permission } from '@hypervigil/model';

const OWN = '10000000-0000-4000-8000-000000000001';
const OTHER = '10000000-0000-4000-8000-000000000002';
const PART = '20000000-0000-4000-8000-000000000001';

interface Column {
  readonly title: string;
  readonly person: Principal;
}

const person = (duty: Duty, groupIds: Id[] = []): Principal => ({
  id: '30000000-0000-4000-8000-000000000001',
  duty,
  tenantId: isTenantDuty(duty) ? OWN : null,
  scope: { groupIds, networkIds: [] },
  disabled: false,
});
const COLUMNS: readonly Column[] = [
  ...DUTIES.map((duty) => ({ title: duty, person: person(duty) })),
  { title: 'tenant-member with a scope', person: person('tenant-member', [PART]) },
];

/** Every operation with who may call it, asked of the policies themselves. */
export function permissionsPage(): string {
  const { decide } = createAuthorizer();
  const may = (who: Principal, permission: Permission, tenantId: Id | null, partIds: Id[] = []) => {
    const tier = tenantId === null ? 'platform' : 'tenant';
    const duty = tenantId === null ? 'system' : 'tenant-member';
    const thing: Resource = { kind: PERMISSIONS[permission], id: null, tenantId, partIds, tier, duty };
    return decide(who, permission, thing).allowed;
  };
  const cell = (who: Principal, permission: Permission): string => {
    if (who.tenantId === null)
      return may(who, permission, null) ? (may(who, permission, OTHER) ? 'all' : 'provider’s') : '–';
    const own = may(who, permission, OWN) ? 'own' : may(who, permission, OWN, [PART]) ? 'in scope' : '';
    const shared = may(who, permission, null) ? 'shared' : '';
    return [own, shared].filter(Boolean).join(', ') || '–';
  };
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const operations = Object.entries<Endpoint>(api).flatMap(([operation, endpoint]) =>
    endpoint.caller === 'person'
      ? [
          row([
            `\`${operation}\``,
            `\`${endpoint.permission}\``,
            ...COLUMNS.map(({ person: who }) => cell(who, endpoint.permission)),
          ]),
        ]
      : [],
  );
  return [
    '# Who may call what',
    '',
    'Written by `node apps/platform/src/permissions-main.ts` from the policies of `core/authz`; a test keeps it so.',
    '`all`: of every tenant and of the provider. `own`: of the person’s own tenant. `in scope`: of the groups and networks',
    'that the person’s rights are for. `shared`: what of the provider’s concerns every tenant. `–`: refused.',
    '',
    row(['operation', 'permission', ...COLUMNS.map(({ title }) => title)]),
    row(['---', '---', ...COLUMNS.map(() => '---')]),
    ...operations,
    '',
  ].join('\n');
}
