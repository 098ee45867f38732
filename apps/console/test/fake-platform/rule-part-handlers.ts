import type { ScheduleNow } from '@hypervigil/contract';
import { type NamedService, type Rule, SERVICE_CATALOGUE } from '@hypervigil/model';
import { Refused } from './errors.ts';
import { find, type Handlers, page, type State } from './handlers.ts';
import { ago, HOUR, uuid } from './make.ts';

const fresh = () => ({ revision: 1, changedAt: new Date().toISOString() });
/** What the platform reckons from the clock is always the same here. */
const NOW = { holds: true, nextChange: ago(-HOUR) };

/** Schedules and services: what rules name beside whom they speak of. */
export function rulePartHandlers(state: State) {
  let schedules: readonly ScheduleNow[] = [
    {
      ...NOW,
      id: uuid('schedule', 1),
      name: 'maintenance',
      description: 'When changes may be made',
      zone: 'Asia/Shanghai',
      windows: [
        { days: ['tue', 'thu'], from: '22:00', to: '04:00' },
        { days: ['sun'], from: '00:00', to: '24:00' },
      ],
      startsOn: '2026-01-01',
      endsOn: null,
      revision: 1,
      changedAt: ago(5 * HOUR),
    },
  ];
  let services: readonly NamedService[] = SERVICE_CATALOGUE;
  const refuseUsed = (what: 'schedule' | 'named-service', isUsed: (rule: Rule) => boolean) => {
    for (const policy of state.data.draft) {
      const rule = policy.rules.find(isUsed);
      if (rule !== undefined) throw new Refused('named-by-rule', { what, rule: rule.name, policy: policy.name });
    }
  };
  const putSchedules = (next: readonly ScheduleNow[]) => {
    schedules = next;
    state.events.emit({ kind: 'changed', what: 'schedules' });
  };
  const putServices = (next: readonly NamedService[]) => {
    services = next;
    state.events.emit({ kind: 'changed', what: 'services' });
  };
  return {
    listSchedules: ({ query }) => page(schedules, query),
    createSchedule: ({ body }) => {
      const schedule: ScheduleNow = { ...body, ...NOW, ...fresh(), id: uuid('schedule', state.next()) };
      putSchedules([...schedules, schedule]);
      return schedule;
    },
    updateSchedule: ({ params, body }) => {
      const schedule = { ...find(schedules, params.id), ...body, revision: body.revision + 1 };
      putSchedules(schedules.map((one) => (one.id === schedule.id ? schedule : one)));
      return schedule;
    },
    deleteSchedule: ({ params }) => {
      refuseUsed('schedule', ({ scheduleId }) => scheduleId === params.id);
      putSchedules(schedules.filter(({ id }) => id !== params.id));
    },
    listNamedServices: ({ query }) => page(services, query),
    createNamedService: ({ body }) => {
      const service: NamedService = { ...body, ...fresh(), id: uuid('service', state.next()), builtIn: false };
      putServices([...services, service]);
      return service;
    },
    updateNamedService: ({ params, body }) => {
      const service = { ...find(services, params.id), ...body, revision: body.revision + 1 };
      putServices(services.map((one) => (one.id === service.id ? service : one)));
      return service;
    },
    deleteNamedService: ({ params }) => {
      refuseUsed('named-service', ({ namedServiceIds }) => namedServiceIds.includes(params.id));
      putServices(services.filter(({ id }) => id !== params.id));
    },
  } satisfies Handlers;
}
