import { inOrder } from '@hypervigil/detect';
import type { AlertResolution, IncidentMoment, ResponseAction, ResponseAnswer, ResponseTurn } from '@hypervigil/model';
import type { Selectable } from 'kysely';
import type { Database } from '../state/database.ts';
import type { AlertTable } from '../state/tables/alerts.ts';
import type { Viewer } from './viewer.ts';

/** Of what people did and wrote and of messages, so many of the last. */
const MAX_EACH = 300;
const STEPS = {
  'alert.triage': 'triage',
  'alert.start': 'start',
  'alert.assign': 'assign',
  'alert.close': 'close',
} as const;
const TURNS: Readonly<Record<string, ResponseTurn>> = {
  'alert.respond': 'done',
  'alert.response-asked': 'asked',
  'alert.response-approved': 'approved',
  'alert.response-declined': 'declined',
  'alert.response-lapsed': 'lapsed',
  'alert.response-answered': 'answered',
  'alert.response-undone': 'undone',
};

/** What happened to these alerts, as it was recorded: in themselves, in the audit, and in the outbox of routes that the reader may see. */
export async function timelineOf(
  db: Database,
  alerts: readonly Selectable<AlertTable>[],
  { deliveries }: Pick<Viewer, 'deliveries'>,
): Promise<IncidentMoment[]> {
  const ids = alerts.map(({ id }) => id);
  const done = await db
    .selectFrom('audit')
    .select(['at', 'actor', 'action', 'subject', 'params'])
    .where(
      'subject',
      'in',
      ids.map((id) => `alert:${id}`),
    )
    .where('action', 'in', [...Object.keys(STEPS), ...Object.keys(TURNS)])
    .where('outcome', '=', 'done')
    .orderBy('id', 'desc')
    .limit(MAX_EACH)
    .execute();
  const written = await db
    .selectFrom('alert_comments')
    .select(['at', 'author', 'text', 'alert_id'])
    .where('alert_id', 'in', ids)
    .orderBy('at', 'desc')
    .limit(MAX_EACH)
    .execute();
  const told = await db
    .selectFrom('notification_outbox as o')
    .innerJoin('notification_routes as r', 'r.id', 'o.route_id')
    .select(['o.alert_id', 'o.event', 'o.state', 'o.created_at', 'o.finished_at', 'r.name'])
    .where('o.alert_id', 'in', ids)
    .where(deliveries)
    .orderBy('o.created_at', 'desc')
    .limit(MAX_EACH)
    .execute();
  return inOrder([
    ...alerts.flatMap(momentsOf),
    ...done.map(deedOf),
    ...written.map(
      ({ at, author, text, alert_id }): IncidentMoment => ({
        ...{ kind: 'comment', at: at.toISOString(), alertIds: [alert_id], actor: author, text },
      }),
    ),
    ...told.flatMap(({ alert_id, event, state, created_at, finished_at, name }): IncidentMoment[] =>
      alert_id === null || event === 'digest'
        ? []
        : [
            {
              ...{ kind: 'told', at: (finished_at ?? created_at).toISOString(), alertIds: [alert_id] },
              ...{ route: name, event, state },
            },
          ],
    ),
  ]);
}

interface Deed {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly params: unknown;
}

/** As the audit says it. */
interface DeedParams {
  readonly assignee?: string;
  readonly resolution?: AlertResolution;
  readonly kind: ResponseAction;
  readonly address?: string;
  readonly name?: string | null;
  readonly reason?: string;
  readonly answer?: ResponseAnswer;
}

function deedOf({ at, actor, action, subject, params }: Deed): IncidentMoment {
  const { assignee, resolution, kind, address, name, reason, answer } = params as DeedParams;
  const about = { at: at.toISOString(), alertIds: [subject.slice('alert:'.length)], actor };
  const turn = TURNS[action];
  if (turn !== undefined)
    return {
      ...{ kind: 'response', ...about, turn, action: kind },
      ...{ ip: address ?? null, setName: name ?? null, reason: reason ?? null, answer: answer ?? null },
    };
  const step = STEPS[action as keyof typeof STEPS];
  return { kind: step, ...about, assignee: assignee ?? null, resolution: resolution ?? null };
}

function momentsOf(alert: Selectable<AlertTable>): IncidentMoment[] {
  const { id, first_at, last_at, created_at, placed_by, placed_at } = alert;
  const at = (kind: 'began' | 'raised' | 'lasted', when: Date): IncidentMoment => ({
    ...{ kind, at: when.toISOString(), alertIds: [id] },
  });
  return [
    at('began', first_at),
    at('raised', created_at),
    ...(last_at > first_at ? [at('lasted', last_at)] : []),
    ...(placed_by === null || placed_at === null
      ? []
      : [{ kind: 'placed' as const, at: placed_at.toISOString(), alertIds: [id], actor: placed_by }]),
  ];
}
