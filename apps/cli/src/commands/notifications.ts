import { deliveryRows, testRows } from '../delivery-rows.ts';
import { CliError } from '../errors.ts';
import type { Command } from './command.ts';

const ROUTE = {
  lookups: { tenantId: 'listTenants' },
  /** From a file or standard input, so that they stand in no list of processes: `--secrets-file F`. */
  reads: { secrets: async (_: unknown, text: string): Promise<unknown> => readSecrets(text) },
} as const;

/** @throws CliError that repeats nothing of what is secret */
function readSecrets(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError('file-unreadable', { file: '--secrets-file', reason: 'it is not JSON' });
  }
}

/** Who is told of alerts, and whether it arrives. */
export const NOTIFICATIONS: readonly Command[] = [
  {
    words: 'notification list',
    operation: 'listNotificationRoutes',
    columns: [
      ...['name', 'tenantId', 'enabled', 'target.kind', 'place', 'match.leastSeverity', 'state.waiting', 'state.held'],
      ...['state.lastSentAt', 'state.failingSince', 'id'],
    ],
  },
  { words: 'notification show', operation: 'getNotificationRoute', nameIn: 'listNotificationRoutes' },
  { words: 'notification create', operation: 'createNotificationRoute', ...ROUTE },
  {
    words: 'notification update',
    operation: 'updateNotificationRoute',
    nameIn: 'listNotificationRoutes',
    ...ROUTE,
  },
  { words: 'notification delete', operation: 'deleteNotificationRoute', nameIn: 'listNotificationRoutes' },
  {
    words: 'notification test',
    operation: 'testNotificationRoute',
    nameIn: 'listNotificationRoutes',
    rows: testRows,
    columns: ['arrived', 'milliseconds', 'why', 'answer'],
  },
  {
    words: 'notification deliveries',
    operation: 'listNotificationDeliveries',
    lookups: { routeId: 'listNotificationRoutes' },
    rows: deliveryRows,
    columns: ['createdAt', 'state', 'event', 'what', 'vm', 'route', 'attempts', 'outcome', 'id'],
  },
];
