import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useFirewallChange } from '../../data/host-firewalls.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import type { FirewallProps } from './HostFirewallPage.tsx';

export function InheritDialog({ id, firewall, onClose }: FirewallProps & { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const inherit = useFirewallChange(
    () => platform.inheritHostFirewall({ params: { id }, body: { revision: firewall.revision } }),
    onClose,
  );
  return (
    <Dialog
      title={t('hostFirewall.inherit')}
      help={t('hostFirewall.inheritHelp', { name: firewall.hostName })}
      submit={t('hostFirewall.inherit')}
      busy={inherit.isPending}
      error={inherit.error}
      onClose={onClose}
      onSubmit={() => inherit.mutate(undefined)}
    />
  );
}
