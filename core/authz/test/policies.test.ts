import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { DENIALS, DUTIES, type Duty, type Id, isTenantDuty, PERMISSIONS, Permission } from '@hypervigil/model';
import { createAuthorizer, POLICIES, type Principal, policyMistakes, type Resource } from '../src/index.ts';
import { CEDAR_TYPE } from '../src/resource.ts';
import { SCHEMA } from '../src/schema.ts';

const ACME = '10000000-0000-4000-8000-000000000001';
const GLOBEX = '10000000-0000-4000-8000-000000000002';
const GROUP = '20000000-0000-4000-8000-000000000001';
const NOTHING = { groupIds: [], networkIds: [] };

const person = (duty: Duty, change: Partial<Principal> = {}): Principal => ({
  id: '30000000-0000-4000-8000-000000000001',
  duty,
  tenantId: isTenantDuty(duty) ? ACME : null,
  scope: NOTHING,
  disabled: false,
  ...change,
});
const thing = (permission: Permission, tenantId: Id | null, change: Partial<Resource> = {}): Resource => ({
  kind: PERMISSIONS[permission],
  id: '40000000-0000-4000-8000-000000000001',
  tenantId,
  tier: tenantId === null ? 'platform' : 'tenant',
  duty: tenantId === null ? 'system' : 'tenant-member',
  ...change,
});
const authorizer = createAuthorizer();
const may = (who: Principal, permission: Permission, what: Resource) =>
  authorizer.decide(who, permission, what).allowed;
const all = Permission.options;

describe('policies', () => {
  it('pass the strict validation against the schema', () => {
    assert.deepEqual(policyMistakes(), []);
  });

  it('are asked of every permission with the kind of thing that it is for, and of no other', () => {
    const answer = cedar.schemaToJson(SCHEMA);
    assert.ok(answer.type === 'success');
    const declared = Object.entries(answer.json['Hypervigil']!.actions).flatMap(([name, { appliesTo }]) =>
      (appliesTo?.resourceTypes ?? []).map((type) => `${name} ${type.replace('Hypervigil::', '')}`),
    );
    const wanted = all.map((permission) => `${permission} ${CEDAR_TYPE[PERMISSIONS[permission]]}`);
    assert.deepEqual(declared.sort(), wanted.sort());
  });

  it('name no tenant, person or thing: lists are decided by a sample of each kind', () => {
    const literals = [...POLICIES.matchAll(/Hypervigil::(\w+)::"/g)].map(([, type]) => type);
    assert.deepEqual([...new Set<string | undefined>(literals)], ['Action']);
  });

  it('say why, wherever they forbid, in a word that there are sentences for', () => {
    const forbids = POLICIES.match(/^forbid/gm)!.length;
    assert.equal(POLICIES.match(/@denial\("[a-z-]+"\)\s+forbid/g)!.length, forbids);
    for (const [, denial] of POLICIES.matchAll(/@denial\("([a-z-]+)"\)/g))
      assert.ok((DENIALS as readonly (string | undefined)[]).includes(denial));
  });
});

describe('the people of a tenant', () => {
  for (const duty of ['tenant-admin', 'tenant-member'] as const) {
    it(`${duty}: come near nothing of another tenant`, () => {
      for (const permission of all) {
        // These are of nobody.
        if (['platform', 'host', 'gateway', 'catalogue'].includes(PERMISSIONS[permission])) continue;
        const decision = authorizer.decide(person(duty), permission, thing(permission, GLOBEX));
        assert.equal(decision.allowed, false, permission);
      }
    });

    it(`${duty}: read of the provider's things only what is shared, and write none`, () => {
      for (const permission of all) {
        if (!may(person(duty), permission, thing(permission, null))) continue;
        assert.match(permission, /:(read|own|watch)$/);
      }
    });
  }

  it('write policies in the tier of tenants alone', () => {
    const policy = thing('policy:write', ACME, { tier: 'platform' });
    assert.equal(may(person('tenant-admin'), 'policy:write', policy), false);
  });

  it('of a scope reach the VMs that are in it, and write nothing', () => {
    const limited = person('tenant-member', { scope: { groupIds: [GROUP], networkIds: [] } });
    assert.ok(may(limited, 'vm:operate', thing('vm:operate', ACME, { partIds: [GROUP] })));
    for (const permission of ['vm:read', 'vm:operate', 'group:read', 'task:read'] as const) {
      const decision = authorizer.decide(limited, permission, thing(permission, ACME));
      assert.ok(!decision.allowed && decision.denial === 'out-of-scope', permission);
    }
    for (const permission of ['group:write', 'address-set:write', 'policy:write'] as const)
      assert.equal(may(limited, permission, thing(permission, ACME, { partIds: [GROUP] })), false);
  });

  it('give no more than they have, and nothing to themselves', () => {
    const admin = person('tenant-admin');
    assert.ok(may(admin, 'account:write', thing('account:write', ACME)));
    assert.ok(!may(admin, 'account:write', thing('account:write', null)));
    assert.ok(!may(admin, 'account:write', thing('account:write', ACME, { duty: 'system' })));
    const own = authorizer.decide(admin, 'account:write', thing('account:write', ACME, { id: admin.id }));
    assert.ok(!own.allowed && own.denial === 'own-account');
    assert.ok(!may(person('tenant-member'), 'account:write', thing('account:write', ACME)));
    assert.ok(!may(person('security'), 'account:write', thing('account:write', null, { duty: 'bootstrap' })));
  });
});

describe('the three powers of the provider', () => {
  it('are separate', () => {
    const own = (permission: Permission) =>
      (['system', 'security', 'audit'] as const).filter((duty) =>
        may(person(duty), permission, thing(permission, null)),
      );
    assert.deepEqual(own('host:administer'), ['system']);
    assert.deepEqual(own('vm:operate'), ['system']);
    assert.deepEqual(own('policy:write'), ['security']);
    assert.deepEqual(own('vm:quarantine'), ['security']);
    assert.deepEqual(own('account:write'), ['security']);
    assert.deepEqual(own('audit:read'), ['audit']);
    assert.deepEqual(own('vm:read'), ['system', 'security', 'audit']);
  });

  it("do not listen: what tenants' VMs say is for the tenants' administrators", () => {
    const content = ['mirror:write', 'capture:take', 'capture:read'] as const;
    for (const duty of DUTIES.filter((one) => one !== 'bootstrap'))
      for (const permission of content)
        assert.equal(
          may(person(duty), permission, thing(permission, ACME)),
          duty === 'tenant-admin',
          `${duty} ${permission}`,
        );
  });

  it("are nobody's whose account is disabled, or whose duty and tenant do not fit", () => {
    for (const permission of all) {
      assert.ok(!may(person('bootstrap', { disabled: true }), permission, thing(permission, null)), permission);
      assert.ok(!may(person('system', { tenantId: ACME }), permission, thing(permission, ACME)), permission);
      assert.ok(!may(person('tenant-admin', { tenantId: null }), permission, thing(permission, null)), permission);
    }
  });
});

describe('a policy that permits everything to everybody', () => {
  const mutant = createAuthorizer(`${POLICIES}\n@id("p.rogue")\npermit (principal, action, resource);`, 'mutant');

  it('gives no tenant anything of another, of the provider or of other tiers', () => {
    for (const duty of ['tenant-admin', 'tenant-member'] as const)
      for (const permission of all)
        for (const owner of [GLOBEX, null]) {
          const what = thing(permission, owner);
          assert.equal(
            mutant.decide(person(duty), permission, what).allowed && !/:(read|own|watch)$/.test(permission),
            false,
            `${duty} ${permission} ${owner}`,
          );
        }
  });

  it('joins no two of the three powers', () => {
    for (const duty of ['system', 'security', 'audit'] as const)
      for (const permission of all)
        assert.equal(
          mutant.decide(person(duty), permission, thing(permission, null)).allowed,
          may(person(duty), permission, thing(permission, null)),
          `${duty} ${permission}`,
        );
  });
});

describe('a reach', () => {
  it('says of a list what decisions say of each of its things', () => {
    for (const duty of DUTIES)
      for (const scope of duty === 'tenant-member' ? [NOTHING, { groupIds: [GROUP], networkIds: [] }] : [NOTHING]) {
        const who = person(duty, { scope });
        for (const permission of all) {
          const { tenants, provider, parts } = authorizer.reach(who, permission);
          for (const owner of [ACME, GLOBEX, null])
            for (const partIds of [[], [GROUP]]) {
              const owned = owner === null ? provider : tenants === 'all' || tenants.includes(owner);
              const listed = owned && (parts === null || partIds.some((part) => parts.includes(part)));
              const decided = may(who, permission, thing(permission, owner, { partIds, id: GROUP }));
              assert.equal(listed, decided, `${duty} ${permission} ${owner} ${partIds}`);
            }
        }
      }
  });
});
