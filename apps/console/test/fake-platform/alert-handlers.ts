import type { AlertDetail } from '@hypervigil/contract';
import { ALERT_CODES, ALERT_TECHNIQUES, type AlertAction, type AlertException, alertCan } from '@hypervigil/model';
import { behaviour } from './behaviour.ts';
import { detectorSettingHandlers } from './detector-setting-handlers.ts';
import { Refused } from './errors.ts';
import { find, type Handlers, page, type State } from './handlers.ts';
import { incidentHandlers } from './incident-handlers.ts';
import { ago, HOUR, MINUTE, uuid } from './make.ts';
import { playbookHandlers } from './playbook-handlers.ts';
import { responseHandlers } from './response-handlers.ts';

/** An open scan from which somebody went on, and a flood that was closed as expected, with its exception. */
export function alertHandlers(state: State): Handlers {
  const { data, events, next } = state;
  const [scanner, victim] = data.vms;
  let alerts: AlertDetail[] = [];
  let exceptions: AlertException[] = [];
  if (scanner !== undefined && victim !== undefined) {
    const about = ({ id, name, tenantId }: typeof scanner) => ({ vmId: id, vmName: name, tenantId });
    const to = { ip: '10.10.1.20', vmId: victim.id, tenantId: victim.tenantId };
    alerts = [
      {
        ...{ id: uuid('alert', 1), code: 'port-scan', severity: 'high', reason: 'other-tenants', state: 'new' },
        ...{ ...about(scanner), resolution: null, side: 'source', technique: 'T1046', peers: [to] },
        expected: { percent: 20 },
        seen: { failed: 42, answered: 0, hosts: 1, services: 12, seconds: 9 },
        ...{ flowKeys: ['a', 'b'], count: 3, assignee: null, comments: [], exception: null },
        incidentId: uuid('incident', 1),
        ...{ firstAt: ago(6 * MINUTE), lastAt: ago(MINUTE), createdAt: ago(6 * MINUTE) },
      },
      {
        ...{ id: uuid('alert', 2), code: 'flood', severity: 'medium', reason: 'from-outside', state: 'closed' },
        ...{ ...about(victim), resolution: 'expected', side: 'target', technique: 'T1498.001' },
        peers: [{ ip: '203.0.113.9', vmId: null, tenantId: null }],
        expected: { perSecond: 50 },
        seen: { kind: 'tcp', port: 443, total: 900, perSecond: 180, seconds: 5 },
        ...{ flowKeys: ['c'], count: 1, assignee: 'admin', exception: null, incidentId: uuid('incident', 2) },
        comments: [{ id: uuid('comment', 1), at: ago(HOUR), author: 'admin', text: 'Our own load test.' }],
        ...{ firstAt: ago(2 * HOUR), lastAt: ago(2 * HOUR), createdAt: ago(2 * HOUR) },
      },
      {
        ...{
          id: uuid('alert', 3),
          code: 'lateral-movement',
          severity: 'medium',
          reason: 'none-answered',
          state: 'new',
        },
        ...{ ...about(scanner), resolution: null, side: 'source', technique: 'T1021' },
        peers: [{ ip: '203.0.113.9', vmId: null, tenantId: null }, to],
        expected: {},
        seen: { from: '203.0.113.9', by: 22, to: to.ip, port: 22, seconds: 240 },
        ...{ flowKeys: ['d'], count: 1, assignee: null, comments: [], exception: null },
        incidentId: uuid('incident', 1),
        ...{ firstAt: ago(4 * MINUTE), lastAt: ago(4 * MINUTE), createdAt: ago(4 * MINUTE) },
      },
    ];
  }
  const except = (id: string, reason: string, days: number, extent: AlertException['extent']): void => {
    const { code, vmId, vmName, tenantId, peers } = find(alerts, id);
    const exception: AlertException = {
      ...{ id: uuid('exception', next()), alertId: id, code, vmId, vmName, tenantId, extent, reason, owner: 'admin' },
      peers: extent === 'any' ? [] : peers.map(({ ip }) => ip),
      ...{ createdAt: ago(0), expiresAt: ago(-24 * HOUR * days), swallowed: 0, swallowedAt: null },
    };
    exceptions = [...exceptions, exception];
    alerts = alerts.map((alert) => (alert.id === id ? { ...alert, exception } : alert));
  };
  if (alerts.length > 0) except(uuid('alert', 2), 'Our own load test.', 30, 'same');
  const change = (id: string, to: Partial<AlertDetail>): void => {
    alerts = alerts.map((alert) => (alert.id === id ? { ...alert, ...to } : alert));
  };
  const act = (id: string, action: AlertAction, set: Partial<AlertDetail>): AlertDetail => {
    const { state: stage } = find(alerts, id);
    if (!alertCan(action, stage)) throw new Refused('alert-not-in-state', { step: action, stage });
    change(id, set);
    events.emit({ kind: 'changed', what: 'alerts' });
    return find(alerts, id);
  };
  const commented = (id: string, text: string | undefined): AlertDetail['comments'] => [
    ...find(alerts, id).comments,
    ...(text === undefined ? [] : [{ id: uuid('comment', next()), at: ago(0), author: 'admin', text }]),
  ];
  const closeAlert: NonNullable<Handlers['closeAlert']> = ({ params, body }) => {
    const { resolution, comment, exceptionDays = 30, exceptionFor = 'same' } = body;
    act(params.id, 'close', { state: 'closed', resolution, comments: commented(params.id, comment) });
    if (resolution === 'expected' && exceptionDays > 0) except(params.id, comment ?? '', exceptionDays, exceptionFor);
    return find(alerts, params.id);
  };
  return {
    ...responseHandlers(state, () => alerts),
    ...playbookHandlers(state, () => alerts),
    ...detectorSettingHandlers(state),
    ...incidentHandlers(state, { all: () => alerts, change, close: closeAlert }),
    listAlerts: ({ query }) => page(alerts, query),
    getAlert: ({ params }) => find(alerts, params.id),
    triageAlert: ({ params }) => act(params.id, 'triage', { state: 'triaged' }),
    startAlert: ({ params }) => act(params.id, 'start', { state: 'in-progress', assignee: 'admin' }),
    closeAlert,
    listAlertExceptions: ({ query }) => page(exceptions, query),
    deleteAlertException({ params }) {
      find(exceptions, params.id);
      exceptions = exceptions.filter(({ id }) => id !== params.id);
      alerts = alerts.map((alert) => (alert.exception?.id === params.id ? { ...alert, exception: null } : alert));
      events.emit({ kind: 'changed', what: 'alerts' });
    },
    getVmBehaviour: ({ params }) => behaviour(find(data.vms, params.id).id, params.id === data.vms[0]?.id ? 12 : 3),
    listDetectors: () => ({
      items: ALERT_CODES.map((code) => {
        const of = alerts.filter((alert) => alert.code === code);
        const count = (resolution: string) => of.filter((alert) => alert.resolution === resolution).length;
        const excepting = exceptions.filter((one) => one.code === code);
        return {
          ...{ code, technique: ALERT_TECHNIQUES[code], open: of.filter(({ state }) => state !== 'closed').length },
          ...{ true: count('true'), false: count('false'), expected: count('expected') },
          ...{ exceptions: excepting.length, swallowed: excepting.reduce((sum, one) => sum + one.swallowed, 0) },
        };
      }),
    }),
    assignAlert: ({ params, body }) => act(params.id, 'assign', body),
    commentAlert: ({ params, body }) => act(params.id, 'comment', { comments: commented(params.id, body.text) }),
  };
}
