import type { AuditEntry } from '@hypervigil/contract';
import { AUDIT_ACTIONS, type HealthItem, Permission, TaskKind } from '@hypervigil/model';
import type { TFunction } from 'i18next';
import type { en } from './en.ts';

/**
 * Codes that an engine may send and that this console has words for. A newer one may send others:
 * those are shown as they came rather than not at all.
 */
const FINDING_CODES = [
  'ok',
  'unknown',
  'away',
  'low',
  'skewed',
  'failing',
  'nearly-full',
  'lost',
  'forged',
  'offload-breaks-tcp',
  'connections-unbounded',
  'unknown-listener',
  'policy-refused',
  'rolled-back',
  'nft-missing',
  'nft-failed',
] as const satisfies readonly (keyof typeof en.hosts.findings)[];

export function findingText(t: TFunction, { code, params }: Pick<HealthItem, 'code' | 'params'>): string {
  const known = FINDING_CODES.find((one) => one === code);
  if (known === undefined) return [code, ...Object.values(params)].join(' · ');
  // A listener of the kernel is no program's.
  return t(`hosts.findings.${known}`, { process: t('hosts.noProgram'), ...params });
}

const ENDED = '.ended';

/** What was done. A task is recorded twice: when it was asked for, and when it ended; what was not permitted, by its permission. */
export function auditActionText(t: TFunction, { action, params }: Pick<AuditEntry, 'action' | 'params'>): string {
  const known = AUDIT_ACTIONS.find((one) => one === action);
  if (known !== undefined) return t(`audit.actions.${known}`);
  const permission = Permission.safeParse(params['permission']);
  if (permission.success) return t(`audit.permissions.${permission.data}`);
  const kind = TaskKind.safeParse(action.endsWith(ENDED) ? action.slice(0, -ENDED.length) : action);
  if (!kind.success) return action;
  const task = t(`tasks.kinds.${kind.data}`);
  return action.endsWith(ENDED) ? t('audit.ended', { task }) : task;
}

const HOST = 'host:';

/** Who it was: people by the names of their accounts, which none of the others can have. */
export function actorText(t: TFunction, actor: string): string {
  if (actor === 'local') return t('common.localAdministrator');
  if (actor === 'platform') return t('common.thePlatform');
  if (actor === 'enrolment') return t('common.joiningHost');
  return actor.startsWith(HOST) ? t('common.hostNamed', { name: actor.slice(HOST.length) }) : actor;
}
