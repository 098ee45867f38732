import { type AlertResponse, RESPONSE_ANSWERS, type ResponseAnswer, type ResponseStep } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useResponseText } from './use-response-text.ts';

/** What somebody wants done with a response. */
export interface AskedStep {
  readonly response: AlertResponse;
  readonly step: ResponseStep;
}

const WORDS = {
  approve: { title: 'responses.approve', done: 'responses.approved' },
  decline: { title: 'responses.declineTitle', done: 'responses.declined' },
  answer: { title: 'responses.answerTitle', done: 'responses.answered' },
  undo: { title: 'responses.undoTitle', done: 'responses.undone' },
} as const;

/** Does what a playbook asks for, or not, answers a question, or takes back what was done; whoever refuses or takes back is asked why. */
export function StepDialog({ asked, onClose }: { readonly asked: AskedStep; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const { what } = useResponseText();
  const [reason, setReason] = useState('');
  const [answer, setAnswer] = useState<ResponseAnswer>('ours');
  const { response, step } = asked;
  const params = { id: response.id };
  const save = useSave(
    'responses',
    () => {
      switch (step) {
        case 'approve':
          return platform.approveResponse({ params });
        case 'decline':
          return platform.declineResponse({ params, body: { reason } });
        case 'answer':
          return platform.answerResponse({ params, body: { answer, text: reason } });
        case 'undo':
          return platform.undoResponse({ params, body: { reason } });
      }
    },
    () => {
      toasts.done(t(WORDS[step].done));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  const title = t(WORDS[step].title, { name: what(response) });
  const help = {
    ...{ approve: t('responses.respondHelp'), decline: t('responses.declineHelp') },
    ...{ answer: t('responses.answerHelp'), undo: t(`responses.undoHelp.${response.action}`) },
  };
  return (
    <Dialog
      title={step === 'approve' ? `${title}: ${what(response)}` : title}
      help={help[step]}
      submit={t(`responses.${step}`)}
      busy={save.isPending}
      canSubmit={step === 'approve' || reason.trim() !== ''}
      error={save.error}
      shownFields={(field) => field === 'reason' || field === 'text'}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      {step === 'answer' && (
        <>
          <blockquote>{response.reason}</blockquote>
          <SelectField
            label={t('responses.answer')}
            value={answer}
            options={RESPONSE_ANSWERS.map((value) => ({ value, label: t(`responses.answers.${value}`) }))}
            onChange={setAnswer}
          />
        </>
      )}
      {step !== 'approve' && (
        <TextField
          label={t(step === 'answer' ? 'responses.answerText' : 'responses.reason')}
          problem={problem('reason') ?? problem('text')}
          required
          value={reason}
          onChange={setReason}
        />
      )}
    </Dialog>
  );
}
