import type { AlertDetail } from '@hypervigil/contract';
import { type AlertAction, alertCan } from '@hypervigil/model';
import { Refused } from './errors.ts';
import { find, type Handlers, page, type State } from './handlers.ts';
import { ago, HOUR, MINUTE, uuid } from './make.ts';

/** An open scan and a flood that was closed. */
export function alertHandlers({ data, events, next }: State): Handlers {
  const [scanner, victim] = data.vms;
  let alerts: AlertDetail[] = [];
  if (scanner !== undefined && victim !== undefined) {
    const about = ({ id, name, tenantId }: typeof scanner) => ({ vmId: id, vmName: name, tenantId });
    const to = { ip: '10.10.1.20', vmId: victim.id, tenantId: victim.tenantId };
    alerts = [
      {
        ...{ id: uuid('alert', 1), code: 'port-scan', severity: 'high', reason: 'other-tenants', state: 'new' },
        ...{ ...about(scanner), resolution: null, side: 'source', technique: 'T1046', peers: [to] },
        expected: { percent: 20 },
        seen: { failed: 42, answered: 0, hosts: 1, services: 12, seconds: 9 },
        ...{ flowKeys: ['a', 'b'], count: 3, assignee: null, comments: [] },
        ...{ firstAt: ago(6 * MINUTE), lastAt: ago(MINUTE), createdAt: ago(6 * MINUTE) },
      },
      {
        ...{ id: uuid('alert', 2), code: 'flood', severity: 'medium', reason: 'from-outside', state: 'closed' },
        ...{ ...about(victim), resolution: 'expected', side: 'target', technique: 'T1498.001' },
        peers: [{ ip: '203.0.113.9', vmId: null, tenantId: null }],
        expected: { perSecond: 50 },
        seen: { kind: 'tcp', port: 443, total: 900, perSecond: 180, seconds: 5 },
        ...{ flowKeys: ['c'], count: 1, assignee: 'admin' },
        comments: [{ id: uuid('comment', 1), at: ago(HOUR), author: 'admin', text: 'Our own load test.' }],
        ...{ firstAt: ago(2 * HOUR), lastAt: ago(2 * HOUR), createdAt: ago(2 * HOUR) },
      },
    ];
  }
  const act = (id: string, action: AlertAction, change: Partial<AlertDetail>): AlertDetail => {
    const { state } = find(alerts, id);
    if (!alertCan(action, state)) throw new Refused('alert-not-in-state', { step: action, stage: state });
    alerts = alerts.map((alert) => (alert.id === id ? { ...alert, ...change } : alert));
    events.emit({ kind: 'changed', what: 'alerts' });
    return find(alerts, id);
  };
  const commented = (id: string, text: string | undefined): AlertDetail['comments'] => [
    ...find(alerts, id).comments,
    ...(text === undefined ? [] : [{ id: uuid('comment', next()), at: ago(0), author: 'admin', text }]),
  ];
  return {
    listAlerts: ({ query }) => page(alerts, query),
    getAlert: ({ params }) => find(alerts, params.id),
    triageAlert: ({ params }) => act(params.id, 'triage', { state: 'triaged' }),
    startAlert: ({ params }) => act(params.id, 'start', { state: 'in-progress', assignee: 'admin' }),
    closeAlert: ({ params, body: { resolution, comment } }) =>
      act(params.id, 'close', { state: 'closed', resolution, comments: commented(params.id, comment) }),
    assignAlert: ({ params, body }) => act(params.id, 'assign', body),
    commentAlert: ({ params, body }) => act(params.id, 'comment', { comments: commented(params.id, body.text) }),
  };
}
