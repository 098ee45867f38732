import type { Vm } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';

/** Cuts a VM off, or gives it back to the rules; either is asked why, and the answer is in the audit. */
export function QuarantineDialog({ vm, onClose }: { readonly vm: Vm; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [reason, setReason] = useState('');
  const way = vm.quarantine === null ? 'quarantine' : 'release';
  const request = { params: { id: vm.id }, body: { reason } };
  const save = useSave(
    'vms',
    () => (way === 'quarantine' ? platform.quarantineVm(request) : platform.releaseVm(request)),
    () => {
      toasts.done(t(`vms.${way}.done`, { name: vm.name }));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      danger={way === 'quarantine'}
      title={t(`vms.${way}.title`, { name: vm.name })}
      help={t(`vms.${way}.help`)}
      submit={t(`vms.${way}.action`)}
      busy={save.isPending}
      canSubmit={reason.trim() !== ''}
      error={save.error}
      shownFields={(field) => field === 'reason'}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <TextField
        label={t('vms.quarantineReason')}
        problem={problem('reason')}
        required
        value={reason}
        onChange={setReason}
      />
    </Dialog>
  );
}
