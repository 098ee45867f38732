import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthorizer, type Principal, type Resource } from '@hypervigil/authz';
import type { Session } from '@hypervigil/contract';
import { DUTIES, type Duty, isTenantDuty, PERMISSIONS, Permission, TIERS } from '@hypervigil/model';
import { denialOf } from '../src/data/rights.ts';
import { uuid } from './fake-platform/make.ts';

const OWN = uuid('tenant', 1);
const OTHER = uuid('tenant', 2);

const person = (duty: Duty): Principal => ({
  ...{ id: uuid('user', 1), duty, tenantId: isTenantDuty(duty) ? OWN : null },
  ...{ scope: { groupIds: [], networkIds: [] }, disabled: false },
});

test('what the console does not offer is what the policies refuse, and the other way round', () => {
  const { decide, rights } = createAuthorizer();
  const mistakes: string[] = [];
  for (const duty of DUTIES) {
    const somebody = person(duty);
    const session = {
      user: { ...somebody, name: 'somebody', mustChangePassword: false },
      rights: rights(somebody),
      expiresAt: '2026-11-22T00:00:00.000Z',
    } satisfies Session;
    for (const permission of Permission.options) {
      const kind = PERMISSIONS[permission];
      // Reading is cut by the lists, and what belongs to nobody is decided by the permission alone.
      if (permission.endsWith(':read') || permission.endsWith(':list')) continue;
      for (const subject of subjectsOf(kind)) {
        const allowed = decide(somebody, permission, { kind, ...subject }).allowed;
        if (allowed !== (denialOf(session, permission, { ...subject, id: subject.id ?? OWN }) === undefined))
          mistakes.push(`${duty} ${permission} ${JSON.stringify(subject)}: ${allowed ? 'allowed' : 'refused'}`);
      }
    }
  }
  assert.deepEqual(mistakes, []);
});

const OF_NOBODY = new Set<Resource['kind']>(['platform', 'host', 'gateway', 'catalogue', 'limit', 'flow', 'audit']);

function subjectsOf(kind: Resource['kind']): Omit<Resource, 'kind'>[] {
  if (OF_NOBODY.has(kind)) return [];
  const owned = [OWN, OTHER, null].map((tenantId) => ({ id: uuid('vm', 9), tenantId }));
  if (kind === 'policy') return owned.flatMap((one) => TIERS.map((tier) => ({ ...one, tier })));
  if (kind !== 'account') return owned;
  return DUTIES.flatMap((duty) =>
    [uuid('user', 1), uuid('user', 2)].map((id) => ({ id, duty, tenantId: isTenantDuty(duty) ? OWN : null })),
  );
}
