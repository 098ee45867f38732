import type { AlertResponse, ResponseStep } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useResponseText } from './use-response-text.ts';

/** What somebody wants done with a response. */
export interface AskedStep {
  readonly response: AlertResponse;
  readonly step: ResponseStep;
}

const WORDS = {
  approve: { title: 'responses.approve', help: 'responses.respondHelp', done: 'responses.approved' },
  decline: { title: 'responses.declineTitle', help: 'responses.declineHelp', done: 'responses.declined' },
  undo: { title: 'responses.undoTitle', help: 'responses.undoHelp', done: 'responses.undone' },
} as const;

/** Does what a playbook asks for, or not, or takes back what was done; whoever refuses or takes back is asked why. */
export function StepDialog({ asked, onClose }: { readonly asked: AskedStep; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const { what } = useResponseText();
  const [reason, setReason] = useState('');
  const { response, step } = asked;
  const words = WORDS[step];
  const request = { params: { id: response.id }, body: { reason } };
  const save = useSave(
    'responses',
    () => {
      if (step === 'approve') return platform.approveResponse({ params: request.params });
      return step === 'decline' ? platform.declineResponse(request) : platform.undoResponse(request);
    },
    () => {
      toasts.done(t(words.done));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={step === 'approve' ? `${t(words.title)}: ${what(response)}` : t(words.title, { name: what(response) })}
      help={t(words.help)}
      submit={t(`responses.${step}`)}
      busy={save.isPending}
      canSubmit={step === 'approve' || reason.trim() !== ''}
      error={save.error}
      shownFields={(field) => field === 'reason'}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      {step !== 'approve' && (
        <TextField
          label={t('responses.reason')}
          problem={problem('reason')}
          required
          value={reason}
          onChange={setReason}
        />
      )}
    </Dialog>
  );
}
