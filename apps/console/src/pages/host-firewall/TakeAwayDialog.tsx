import { useTranslation } from 'react-i18next';
import { DEFAULT, updateFirewall, useFirewallChange } from '../../data/host-firewalls.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import type { FirewallProps } from './HostFirewallPage.tsx';

export function TakeAwayDialog({ id, firewall, onClose }: FirewallProps & { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { revision, trialSeconds, hostName } = firewall;
  const takeAway = useFirewallChange(() => updateFirewall(id, { policy: null, trialSeconds, revision }), onClose);
  return (
    <Dialog
      danger
      title={t('hostFirewall.takeAway')}
      help={id === DEFAULT ? t('hostFirewall.takeAwayDefaultHelp') : t('hostFirewall.takeAwayHelp', { name: hostName })}
      submit={t('hostFirewall.takeAway')}
      busy={takeAway.isPending}
      error={takeAway.error}
      onClose={onClose}
      onSubmit={() => takeAway.mutate(undefined)}
    />
  );
}
