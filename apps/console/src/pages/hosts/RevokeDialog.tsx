import type { Host } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';

/** Cannot be undone, so it names what is affected and wants the name typed. */
export function RevokeDialog({ host, onClose }: { readonly host: Host; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [typed, setTyped] = useState('');
  const revoke = useSave(
    'hosts',
    () => platform.revokeHost({ params: { id: host.id } }),
    () => {
      toasts.done(t('hosts.revoked'));
      onClose();
    },
  );
  return (
    <Dialog
      danger
      title={t('hosts.revokeTitle', { name: host.name })}
      help={t('hosts.revokeHelp', { name: host.name, count: host.vms })}
      submit={t('hosts.revoke')}
      canSubmit={typed === host.name}
      busy={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onSubmit={() => revoke.mutate()}
    >
      <TextField
        label={t('hosts.revokeType', { name: host.name })}
        autoComplete="off"
        value={typed}
        onChange={setTyped}
      />
    </Dialog>
  );
}
