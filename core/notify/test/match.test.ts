import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NotificationMatch } from '@hypervigil/model';
import fc from 'fast-check';
import { cutForTenant, type Told, tells } from '../src/index.ts';
import { ACME, alertOf, GLOBEX } from './make.ts';

const told = (change: Partial<Told> = {}): Told => ({
  ...{ event: 'raised', code: 'flood', severity: 'high', tenantId: ACME, tags: { app: 'web', env: 'test' } },
  ...change,
});
const match = (change: Partial<NotificationMatch> = {}) => ({ ...NotificationMatch.parse({}), ...change });

test('a route tells what it names: events, kinds, severity, tenants, tags', () => {
  assert.ok(tells(null, match(), told()));
  assert.ok(!tells(null, match(), told({ event: 'closed' })));
  assert.ok(tells(null, match({ events: ['closed'] }), told({ event: 'closed' })));
  assert.ok(!tells(null, match({ codes: ['mining'] }), told()));
  assert.ok(tells(null, match({ codes: ['mining', 'flood'] }), told()));
  assert.ok(!tells(null, match({ leastSeverity: 'critical' }), told()));
  assert.ok(tells(null, match({ leastSeverity: 'high' }), told()));
  assert.ok(!tells(null, match({ tenantIds: [GLOBEX] }), told()));
  assert.ok(!tells(null, match({ tenantIds: [GLOBEX] }), told({ tenantId: null })));
  assert.ok(tells(null, match({ selector: 'app=web and not env=prod' }), told()));
  assert.ok(!tells(null, match({ selector: 'app=web and not env=test' }), told()));
});

test("a tenant's route tells no alert of anybody else, whatever it names", () => {
  const anything = fc.record({
    events: fc.constant<NotificationMatch['events']>(['raised', 'worsened', 'closed']),
    codes: fc.constant<NotificationMatch['codes']>([]),
    leastSeverity: fc.constant('low' as const),
    tenantIds: fc.subarray([ACME, GLOBEX]),
    selector: fc.constantFrom('', 'app', 'not app=x'),
  });
  fc.assert(
    fc.property(anything, fc.constantFrom(GLOBEX, null), (some, tenantId) => {
      assert.ok(!tells(ACME, some, told({ tenantId })));
    }),
  );
});

test("what a tenant is told names nobody else's VM", () => {
  const own = { ip: '10.0.0.1', vmId: ACME, tenantId: ACME };
  const alert = alertOf({ peers: [own, ...alertOf().peers] });
  assert.deepEqual(cutForTenant(alert, ACME).peers, [own, { ip: '10.0.0.9', vmId: null, tenantId: null }]);
  assert.ok(!JSON.stringify(cutForTenant(alert, ACME)).includes(GLOBEX));
});
