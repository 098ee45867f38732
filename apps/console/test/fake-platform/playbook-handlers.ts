import type { AlertDetail } from '@hypervigil/contract';
import { AlertMatch, type Playbook, type PlaybookRun } from '@hypervigil/model';
import { find, type Handlers, page, type State } from './handlers.ts';
import { ago, HOUR, uuid } from './make.ts';

/** One that asks, and has. */
export function playbookHandlers({ events, next }: State, alerts: () => readonly AlertDetail[]): Handlers {
  let playbooks: Playbook[] = [
    {
      ...{ id: uuid('playbook', 1), name: 'floods', description: 'Asks whether to cut off.', enabled: true },
      ...{ match: AlertMatch.parse({ codes: ['flood'] }), action: 'quarantine', addressSetId: null, minutes: 60 },
      ...{ perHour: 5, perVmHour: 1, approvalMinutes: 60, revision: 1, changedAt: ago(HOUR), changedBy: 'guard' },
    },
  ];
  const told = () => events.emit({ kind: 'changed', what: 'playbooks' });
  const runs = (): PlaybookRun[] =>
    alerts()
      .filter(({ code }) => code === 'flood')
      .map(({ id, code, vmId, vmName, createdAt }) => ({
        ...{ alertId: id, code, vmId, vmName, at: createdAt, outcome: 'asked', problem: null },
      }));
  return {
    listPlaybooks: ({ query }) => page(playbooks, query),
    getPlaybook: ({ params }) => find(playbooks, params.id),
    createPlaybook({ body }) {
      const made: Playbook = {
        ...PARSED(body),
        id: uuid('playbook', next() + 1),
        revision: 1,
        changedAt: ago(0),
        changedBy: 'admin',
      };
      playbooks = [...playbooks, made];
      told();
      return made;
    },
    rehearsePlaybook: () => ({ days: 7, counts: { acted: 0, asked: 1, held: 0 }, items: runs() }),
    listPlaybookRuns: ({ params }) => ({ items: params.id === uuid('playbook', 1) ? runs() : [] }),
  };
}

const PARSED = (body: Parameters<NonNullable<Handlers['createPlaybook']>>[0]['body']) => ({
  ...{ description: '', enabled: false, addressSetId: null, minutes: null, approvalMinutes: null },
  ...{ perHour: 5, perVmHour: 1 },
  ...body,
  match: AlertMatch.parse(body.match ?? {}),
});
