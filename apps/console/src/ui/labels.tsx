import type { Action, HostState, Protection, TaskState, Verdict, VmState } from '@hypervigil/model';
import { Label } from '@patternfly/react-core';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  AlertIcon,
  AllowIcon,
  DenyIcon,
  GatewayIcon,
  OffIcon,
  PassIcon,
  PauseIcon,
  PendingIcon,
  QuarantineIcon,
  RunningIcon,
  ShieldIcon,
  UnprotectedIcon,
  WarningIcon,
} from './icons.tsx';

type Tone = 'green' | 'red' | 'orange' | 'grey' | 'blue' | 'purple' | 'teal';
interface Look {
  readonly tone: Tone;
  readonly icon: ComponentType;
}

/** A state as word, icon and colour together: never colour alone. */
function Chip({ tone, icon: Icon, children }: Look & { readonly children: ReactNode }) {
  return (
    <Label isCompact variant="outline" color={tone} icon={<Icon />} className="hv-chip">
      {children}
    </Label>
  );
}

/** Lighter than a chip, for dense tables: coloured icon and plain word. */
export function Status({ tone, icon: Icon, children }: Look & { readonly children: ReactNode }) {
  return (
    <span className={`hv-status hv-tone-${tone}`}>
      <Icon />
      <span>{children}</span>
    </span>
  );
}

export const VM_STATE_LOOK: Record<VmState, Look> = {
  running: { tone: 'green', icon: RunningIcon },
  blocked: { tone: 'green', icon: RunningIcon },
  paused: { tone: 'orange', icon: PauseIcon },
  shutdown: { tone: 'orange', icon: PendingIcon },
  shutoff: { tone: 'grey', icon: OffIcon },
  crashed: { tone: 'red', icon: AlertIcon },
  pmsuspended: { tone: 'grey', icon: PauseIcon },
  nostate: { tone: 'grey', icon: OffIcon },
  gone: { tone: 'grey', icon: DenyIcon },
};
export function VmStateLabel({ state }: { readonly state: VmState }) {
  const { t } = useTranslation();
  return <Status {...VM_STATE_LOOK[state]}>{t(`vms.states.${state}`)}</Status>;
}

/** Nothing gets in or out of it. */
export function QuarantineLabel() {
  const { t } = useTranslation();
  return (
    <Chip tone="red" icon={QuarantineIcon}>
      {t('vms.quarantined')}
    </Chip>
  );
}

const HOST_STATE: Record<HostState, Look> = {
  online: { tone: 'green', icon: AllowIcon },
  offline: { tone: 'red', icon: AlertIcon },
  revoked: { tone: 'grey', icon: DenyIcon },
};
export function HostStateLabel({ state }: { readonly state: HostState }) {
  const { t } = useTranslation();
  return <Status {...HOST_STATE[state]}>{t(`hosts.states.${state}`)}</Status>;
}

export type VmProtection = Protection | 'none';
const PROTECTION: Record<VmProtection, Look> = {
  enforced: { tone: 'green', icon: ShieldIcon },
  pending: { tone: 'blue', icon: PendingIcon },
  'not-on-switch': { tone: 'orange', icon: UnprotectedIcon },
  'no-network': { tone: 'orange', icon: UnprotectedIcon },
  'no-address': { tone: 'orange', icon: UnprotectedIcon },
  'no-tenant': { tone: 'orange', icon: UnprotectedIcon },
  off: { tone: 'grey', icon: OffIcon },
  none: { tone: 'grey', icon: OffIcon },
};
export function ProtectionLabel({ protection }: { readonly protection: VmProtection }) {
  const { t } = useTranslation();
  return (
    <span title={protection === 'none' ? undefined : t(`vms.protectionHelp.${protection}`)}>
      <Status {...PROTECTION[protection]}>{t(`vms.protections.${protection}`)}</Status>
    </span>
  );
}

const VERDICT: Record<Verdict, Look> = {
  allow: { tone: 'teal', icon: AllowIcon },
  deny: { tone: 'red', icon: DenyIcon },
};
export function VerdictLabel({ verdict }: { readonly verdict: Verdict }) {
  const { t } = useTranslation();
  return <Status {...VERDICT[verdict]}>{t(`flows.verdicts.${verdict}`)}</Status>;
}

const ACTION: Record<Action, Look> = {
  allow: { tone: 'teal', icon: AllowIcon },
  deny: { tone: 'red', icon: DenyIcon },
  reject: { tone: 'orange', icon: DenyIcon },
  pass: { tone: 'grey', icon: PassIcon },
  inspect: { tone: 'purple', icon: GatewayIcon },
};
export function ActionLabel({ action }: { readonly action: Action }) {
  const { t } = useTranslation();
  return <Status {...ACTION[action]}>{t(`policy.actions.${action}`)}</Status>;
}

const TASK: Record<TaskState, Look> = {
  queued: { tone: 'grey', icon: PendingIcon },
  running: { tone: 'blue', icon: PendingIcon },
  done: { tone: 'green', icon: AllowIcon },
  failed: { tone: 'red', icon: AlertIcon },
  cancelled: { tone: 'grey', icon: DenyIcon },
};
export function TaskStateLabel({ state }: { readonly state: TaskState }) {
  const { t } = useTranslation();
  return <Status {...TASK[state]}>{t(`tasks.states.${state}`)}</Status>;
}

const OUTCOME = {
  done: { tone: 'green', icon: AllowIcon },
  refused: { tone: 'orange', icon: DenyIcon },
  failed: { tone: 'red', icon: AlertIcon },
} as const satisfies Record<string, Look>;
export function OutcomeLabel({ outcome }: { readonly outcome: keyof typeof OUTCOME }) {
  const { t } = useTranslation();
  return <Status {...OUTCOME[outcome]}>{t(`audit.outcomes.${outcome}`)}</Status>;
}

const SEVERITY = {
  critical: { tone: 'purple', icon: AlertIcon },
  high: { tone: 'red', icon: AlertIcon },
  medium: { tone: 'orange', icon: WarningIcon },
  low: { tone: 'blue', icon: PendingIcon },
} as const satisfies Record<string, Look>;
export function SeverityLabel({ severity }: { readonly severity: keyof typeof SEVERITY }) {
  const { t } = useTranslation();
  return <Chip {...SEVERITY[severity]}>{t(`overview.severity.${severity}`)}</Chip>;
}
