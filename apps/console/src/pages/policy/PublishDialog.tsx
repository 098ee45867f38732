import { ApiError, languageOf, type PolicyStatus, problemText } from '@hypervigil/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { problemsOf } from '../../ui/error-text.ts';
import { TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useDraftEnd } from './use-draft-end.ts';

interface Props {
  readonly status: PolicyStatus;
  readonly onClose: () => void;
}

/** Publishes the draft. Where assertions speak against it, their packets are shown, and a reason publishes it all the same. */
export function PublishDialog({ status, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const toasts = useToasts();
  const [comment, setComment] = useState('');
  const [override, setOverride] = useState('');
  const publish = useDraftEnd(
    () => {
      const { draftRevision } = status;
      const reason = override.trim();
      return platform.publishPolicy({ body: { draftRevision, comment, ...(reason !== '' && { override: reason }) } });
    },
    (next) => {
      toasts.done(t('policy.publishedToast', { revision: next.publishedRevision }));
      onClose();
    },
  );
  const code = publish.error instanceof ApiError ? publish.error.body.code : undefined;
  const against = problemsOf(publish.error).filter(({ field }) => isAssertion(field));
  const mayOverride = code === 'assertion-violated' || code === 'analysis-stopped' || override !== '';
  return (
    <Dialog
      title={t('policy.publishTitle')}
      help={t('policy.publishHelp')}
      submit={t('policy.publish')}
      busy={publish.isPending}
      error={publish.error}
      shownFields={isAssertion}
      onClose={onClose}
      onSubmit={() => publish.mutate()}
    >
      {against.length > 0 && (
        <ul>
          {against.map((problem) => (
            <li key={problem.field}>{problemText(languageOf(i18n.language), problem)}</li>
          ))}
        </ul>
      )}
      <p>{t('policy.changes', status.changes)}</p>
      <TextField label={t('policy.comment')} help={t('policy.commentHelp')} value={comment} onChange={setComment} />
      {mayOverride && (
        <TextField
          label={t('assertions.override')}
          help={t('assertions.overrideHelp')}
          value={override}
          onChange={setOverride}
        />
      )}
    </Dialog>
  );
}

const isAssertion = (field: string): boolean => field.startsWith('assertions.');
