import type { AlertDetail } from '@hypervigil/contract';
import { type AlertResponse, alertCan, responseCan } from '@hypervigil/model';
import { Refused } from './errors.ts';
import { find, type Handlers, page, type State } from './handlers.ts';
import { ago, HOUR, uuid } from './make.ts';

const BY_HAND = { playbookId: null, playbookBy: null, decidedBy: null, waitsUntil: null } as const;
const NOT_ENDED = { state: 'active', endedAt: null, endedBy: null, endReason: null, answer: null } as const;

/** Of the closed flood, a block that has ended by itself, a question to its tenant, and what playbooks ask for: one that somebody else wrote, and one of admin's. */
export function responseHandlers({ events, next }: State, alerts: () => readonly AlertDetail[]): Handlers {
  let responses: AlertResponse[] = [];
  const about = ({ id, code, vmId, vmName, tenantId }: AlertDetail) => ({ alertId: id, code, vmId, vmName, tenantId });
  const told = () => events.emit({ kind: 'changed', what: 'alerts' });
  const flood = alerts().find(({ code }) => code === 'flood');
  if (flood !== undefined)
    responses = [
      {
        ...{ ...about(flood), ...BY_HAND, ...NOT_ENDED, state: 'waiting', reason: 'floods', doneBy: 'playbook:floods' },
        ...{ id: uuid('response', 2), action: 'quarantine', ip: null, setId: null, setName: null, until: null },
        ...{ playbookId: uuid('playbook', 1), playbookBy: 'guard', doneAt: ago(HOUR), waitsUntil: ago(-HOUR) },
      },
      {
        ...{ ...about(flood), ...BY_HAND, ...NOT_ENDED, state: 'waiting', reason: 'own', doneBy: 'playbook:own' },
        ...{ id: uuid('response', 3), action: 'block-peer', ip: '203.0.113.8', setId: null, setName: 'blocked' },
        ...{ until: null, playbookBy: 'admin', doneAt: ago(HOUR), waitsUntil: ago(-HOUR) },
      },
      {
        ...{ ...about(flood), ...BY_HAND },
        ...{ id: uuid('response', 1), action: 'block-peer', ip: '203.0.113.9', setId: null, setName: 'blocked' },
        ...{ state: 'undone', reason: 'It floods.', doneBy: 'admin', doneAt: ago(2 * HOUR), until: ago(HOUR) },
        ...{ endedAt: ago(HOUR), endedBy: 'platform', endReason: null, answer: null },
      },
      {
        ...{ ...about(flood), ...BY_HAND, ...NOT_ENDED, reason: 'Is this a test of yours?', doneBy: 'guard' },
        ...{ id: uuid('response', 4), action: 'ask-tenant', ip: null, setId: null, setName: null },
        ...{ doneAt: ago(HOUR), until: null },
      },
    ];
  return {
    listResponses: ({ query }) => page(responses, query),
    getResponse: ({ params }) => find(responses, params.id),
    respondToAlert({ params, body }) {
      const alert = find(alerts(), params.id);
      if (!alertCan('respond', alert.state))
        throw new Refused('alert-not-in-state', { step: 'respond', stage: alert.state });
      const done: AlertResponse = {
        ...{
          ...about(alert),
          ...BY_HAND,
          id: uuid('response', next() + 4),
          action: body.action,
          reason: body.reason,
          ...NOT_ENDED,
        },
        ...{ ip: body.ip ?? null, setId: body.addressSetId ?? null, setName: body.ip === undefined ? null : 'offices' },
        ...{ doneBy: 'admin', doneAt: ago(0), until: body.minutes === undefined ? null : ago(-60_000 * body.minutes) },
      };
      responses = [done, ...responses];
      told();
      return done;
    },
    approveResponse({ params }) {
      const response = find(responses, params.id);
      if (!responseCan('approve', response)) throw new Refused('response-not-waiting', {});
      if (response.playbookBy === 'admin') throw new Refused('own-playbook', {});
      const now = { state: 'active', decidedBy: 'admin', waitsUntil: null, until: ago(-HOUR) } as const;
      responses = responses.map((one) => (one.id === params.id ? { ...one, ...now } : one));
      told();
      return find(responses, params.id);
    },
    answerResponse({ params, body }) {
      if (!responseCan('answer', find(responses, params.id))) throw new Refused('not-a-question', {});
      const end = { endedAt: ago(0), endedBy: 'boss', endReason: body.text } as const;
      responses = responses.map((one) =>
        one.id === params.id ? { ...one, ...end, state: 'answered', answer: body.answer } : one,
      );
      told();
      return find(responses, params.id);
    },
    undoResponse({ params, body }) {
      if (!responseCan('undo', find(responses, params.id))) throw new Refused('response-over', {});
      const end = { state: 'undone', endedAt: ago(0), endedBy: 'admin', endReason: body.reason } as const;
      responses = responses.map((one) => (one.id === params.id ? { ...one, ...end } : one));
      told();
      return find(responses, params.id);
    },
  };
}
