import { type HealthItem, TaskKind } from '@hypervigil/model';
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

const AUDIT_ACTIONS = [
  'account.created',
  'account.password.reset',
  'account.updated',
  'approvals.set',
  'assertion.created',
  'assertion.deleted',
  'assertion.updated',
  'assertions.overridden',
  'address-set.created',
  'address-set.deleted',
  'address-set.updated',
  'authority.created',
  'capture.deleted',
  'capture.ended',
  'capture.read',
  'capture.started',
  'capture.stopped',
  'enrolment.created',
  'gateway-group.created',
  'gateway-group.deleted',
  'gateway-group.updated',
  'gateway-group.upgraded',
  'gateway.added',
  'gateway.drained',
  'gateway.replaced',
  'gateway.restarted',
  'gateway.retired',
  'gateway.seen',
  'group.created',
  'group.deleted',
  'group.updated',
  'host-firewall.confirmed',
  'host-firewall.default.confirmed',
  'host-firewall.default.updated',
  'host-firewall.failed',
  'host-firewall.inherited',
  'host-firewall.refused',
  'host-firewall.rolled-back',
  'host-firewall.updated',
  'host.certificate.renewed',
  'host.enrol',
  'host.enrolled',
  'host.removed',
  'host.revoked',
  'inventory.drift',
  'limit.created',
  'limit.deleted',
  'limit.updated',
  'mirror.created',
  'mirror.deleted',
  'mirror.seen',
  'mirror.updated',
  'network.created',
  'network.deleted',
  'network.updated',
  'password.change',
  'policy.created',
  'policy.deleted',
  'policy.approval-withdrawn',
  'policy.approved',
  'policy.draft.discarded',
  'policy.published',
  'policy.restored',
  'rules.turned',
  'policy.moved',
  'policy.rule.moved',
  'policy.updated',
  'schedule.created',
  'schedule.deleted',
  'schedule.updated',
  'service.created',
  'service.deleted',
  'service.updated',
  'session.begin',
  'tenant.created',
  'tenant.deleted',
  'tenant.updated',
  'threat-set.created',
  'threat-set.deleted',
  'threat-set.refreshed',
  'threat-set.updated',
  'user.created',
  'vm.quarantined',
  'vm.released',
  'vm.updated',
  'vnic.updated',
] as const satisfies readonly (keyof typeof en.audit.actions)[];
const ENDED = '.ended';

/** What was done. A task is recorded twice: when it was asked for, and when it ended. */
export function auditActionText(t: TFunction, action: string): string {
  const known = AUDIT_ACTIONS.find((one) => one === action);
  if (known !== undefined) return t(`audit.actions.${known}`);
  const kind = TaskKind.safeParse(action.endsWith(ENDED) ? action.slice(0, -ENDED.length) : action);
  if (!kind.success) return action;
  const task = t(`tasks.kinds.${kind.data}`);
  return action.endsWith(ENDED) ? t('audit.ended', { task }) : task;
}

/** Whoever works through the platform's own socket has no account, but this name. */
const LOCAL = 'local';

/** Who it was: accounts by their names. */
export const actorText = (t: TFunction, actor: string): string =>
  actor === LOCAL ? t('common.localAdministrator') : actor;
