import type { AlertResponse } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useResponseText } from './use-response-text.ts';

/** Takes back what a response did; whoever does is asked why. */
export function UndoDialog({ response, onClose }: { readonly response: AlertResponse; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const { what } = useResponseText();
  const [reason, setReason] = useState('');
  const save = useSave(
    'responses',
    () => platform.undoResponse({ params: { id: response.id }, body: { reason } }),
    () => {
      toasts.done(t('responses.undone'));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={t('responses.undoTitle', { name: what(response) })}
      help={t('responses.undoHelp')}
      submit={t('responses.undo')}
      busy={save.isPending}
      canSubmit={reason.trim() !== ''}
      error={save.error}
      shownFields={(field) => field === 'reason'}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <TextField
        label={t('responses.reason')}
        problem={problem('reason')}
        required
        value={reason}
        onChange={setReason}
      />
    </Dialog>
  );
}
