import type { HostFirewallStatus } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import type { FirewallSetting } from '../../data/host-firewalls.ts';
import { AlertIcon, ClockIcon, OffIcon, PendingIcon, ShieldIcon, UndoIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useSeconds } from '../../ui/use-seconds.ts';

/** What has become of the policy that a host was last given; `unknown` when it has said nothing of it yet. */
export type FirewallStateName = HostFirewallStatus['state'] | 'unknown' | 'waiting';
type Followed = Pick<FirewallSetting, 'revision' | 'status' | 'changedAt' | 'trialSeconds'>;

export function firewallState({ revision, status }: Followed): FirewallStateName {
  if (status == null) return 'unknown';
  return status.revision < revision ? 'waiting' : status.state;
}

const LOOK = {
  none: { tone: 'grey', icon: OffIcon },
  trial: { tone: 'blue', icon: ClockIcon },
  kept: { tone: 'green', icon: ShieldIcon },
  'rolled-back': { tone: 'orange', icon: UndoIcon },
  refused: { tone: 'red', icon: AlertIcon },
  failed: { tone: 'red', icon: AlertIcon },
  unknown: { tone: 'grey', icon: PendingIcon },
  waiting: { tone: 'blue', icon: PendingIcon },
} as const;

export function FirewallStateLabel({ firewall }: { readonly firewall: Followed }) {
  const { t } = useTranslation();
  const state = firewallState(firewall);
  return (
    <Status {...LOOK[state]}>
      {t(`hostFirewall.states.${state}`)}
      {state === 'trial' && (
        <>
          {' '}
          <TrialLeft firewall={firewall} />
        </>
      )}
    </Status>
  );
}

/**
 * How long the trial still lasts. Counted from when the policy was set: the host began a moment later, so there is never less
 * time than this.
 */
export function TrialLeft({ firewall: { changedAt, trialSeconds } }: { readonly firewall: Followed }) {
  const format = useFormat();
  const now = useSeconds();
  if (changedAt === null) return null;
  const left = Math.max(0, Date.parse(changedAt) + trialSeconds * 1000 - now);
  return <span className="hv-countdown">{format.duration(Math.ceil(left / 1000) * 1000)}</span>;
}
