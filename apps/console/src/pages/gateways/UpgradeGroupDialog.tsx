import type { GatewayGroup } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useToasts } from '../../ui/toast.tsx';

interface Props {
  readonly group: GatewayGroup;
  /** How many of its gateways are from another image than their hosts have now. */
  readonly count: number;
  readonly onClose: () => void;
}

/** Says what becomes of connections before the gateways of a group are replaced, one after the other. */
export function UpgradeGroupDialog({ group, count, onClose }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const { id, name } = group;
  const action = useSave(
    'gateways',
    () => platform.upgradeGatewayGroup({ params: { id } }),
    ({ gateways }) => {
      toasts.done(t('gatewayGroups.upgraded', { name, count: gateways }));
      onClose();
    },
  );
  return (
    <Dialog
      danger
      title={t('gatewayGroups.upgradeTitle', { name })}
      help={t('gatewayGroups.upgradeHelp', { count })}
      submit={t('gatewayGroups.upgrade')}
      busy={action.isPending}
      error={action.error}
      onClose={onClose}
      onSubmit={() => action.mutate()}
    />
  );
}
