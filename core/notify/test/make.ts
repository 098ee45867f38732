import type { Alert } from '@hypervigil/model';
import type { AlertMessage, DigestMessage } from '../src/index.ts';

export const ACME = '11111111-1111-4111-8111-111111111111';
export const GLOBEX = '22222222-2222-4222-8222-222222222222';
export const VM = '33333333-3333-4333-8333-333333333333';

export const alertOf = (change: Partial<Alert> = {}): Alert => ({
  ...{ id: '44444444-4444-4444-8444-444444444444', code: 'port-scan', severity: 'high', reason: 'other-tenants' },
  ...{ state: 'new', resolution: null, vmId: VM, vmName: 'shop1', tenantId: ACME, side: 'source', technique: 'T1046' },
  expected: { percent: 20 },
  seen: { failed: 42, answered: 0, hosts: 1, services: 12, seconds: 9 },
  peers: [{ ip: '10.0.0.9', vmId: '55555555-5555-4555-8555-555555555555', tenantId: GLOBEX }],
  ...{ flowKeys: ['a'], count: 3, assignee: null, incidentId: null },
  ...{ firstAt: '2026-01-31T08:00:00.000Z', lastAt: '2026-01-31T08:00:09.000Z', createdAt: '2026-01-31T08:00:05.000Z' },
  ...change,
});

export const messageOf = (change: Partial<Alert> = {}, event: AlertMessage['event'] = 'raised'): AlertMessage => ({
  ...{ id: '66666666-6666-4666-8666-666666666666', route: 'soc', at: '2026-01-31T08:00:05.123Z', event },
  ...{ alert: alertOf(change), tenant: { id: ACME, name: 'acme' }, link: 'https://hv.example/alerts/4' },
});

export const DIGEST: DigestMessage = {
  ...{ id: '77777777-7777-4777-8777-777777777777', route: 'soc', at: '2026-01-31T09:00:00.000Z', event: 'digest' },
  ...{ count: 37, from: '2026-01-31T08:00:00.000Z', to: '2026-01-31T08:50:00.000Z', perHour: 60 },
  parts: [
    { code: 'port-scan', severity: 'high', count: 30 },
    { code: 'flood', severity: 'medium', count: 7 },
  ],
  link: 'https://hv.example/alerts?state=new',
};
