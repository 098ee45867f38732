import { firewallText, languageOf } from '@hypervigil/contract';
import { Alert } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { confirmFirewall, DEFAULT, useFirewallChange } from '../../data/host-firewalls.ts';
import { MayButton } from '../../ui/MayButton.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { firewallState, TrialLeft } from './FirewallState.tsx';
import type { FirewallProps } from './HostFirewallPage.tsx';

/** While a policy is on trial: how long still, and the button that keeps it. After a trial that failed: why it did. */
export function TrialNotice({ id, firewall }: FirewallProps) {
  const { t, i18n } = useTranslation();
  const toasts = useToasts();
  const confirm = useFirewallChange(
    () => confirmFirewall(id, firewall.revision),
    () => toasts.done(t('hostFirewall.confirmed')),
  );
  const button = (
    <MayButton
      permission="host:secure"
      variant="primary"
      size="sm"
      isLoading={confirm.isPending}
      onClick={() => confirm.isPending || confirm.mutate(undefined, { onError: toasts.failed })}
    >
      {t('hostFirewall.confirm')}
    </MayButton>
  );
  if (id === DEFAULT)
    return firewall.confirmed || firewall.revision === 0 ? null : (
      <Alert
        isInline
        component="h2"
        variant="info"
        title={t('hostFirewall.defaultTrial')}
        actionLinks={button}
        className="hv-notice"
      >
        {t('hostFirewall.defaultTrialHelp')}
      </Alert>
    );
  const state = firewallState(firewall);
  const problem = firewall.status?.problem;
  if (state === 'trial')
    return (
      <Alert
        isInline
        component="h2"
        variant="info"
        title={
          <>
            {t('hostFirewall.trial')} <TrialLeft firewall={firewall} />
          </>
        }
        {...(firewall.confirmed ? {} : { actionLinks: button })}
        className="hv-notice"
      >
        {firewall.confirmed ? t('hostFirewall.trialConfirmed') : t('hostFirewall.trialHelp')}
      </Alert>
    );
  if (state === 'waiting')
    return <Alert isInline component="h2" variant="info" title={t('hostFirewall.waiting')} className="hv-notice" />;
  if (problem == null) return null;
  return (
    <Alert
      isInline
      component="h2"
      variant={state === 'rolled-back' ? 'warning' : 'danger'}
      title={t(`hostFirewall.states.${state}`)}
      className="hv-notice"
    >
      {firewallText(languageOf(i18n.language), problem)}
    </Alert>
  );
}
