import { ApiError, type PolicyStatus } from '@hypervigil/contract';
import { Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useDraftEnd } from '../policy/use-draft-end.ts';

interface Props {
  readonly status: PolicyStatus;
  readonly onClose: () => void;
}

/** One step back: what was published before is published again. What a draft would lose is asked for first. */
export function RollBackDialog({ status, onClose }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [comment, setComment] = useState('');
  const [override, setOverride] = useState('');
  const { added, changed, removed } = status.changes;
  const hasDraft = added + changed + removed > 0;
  const [discard, setDiscard] = useState(false);
  const back = useDraftEnd(
    () =>
      platform.rollBackPolicy({
        body: {
          draftRevision: status.draftRevision,
          discardDraft: discard,
          comment,
          ...(override.trim() !== '' && { override: override.trim() }),
        },
      }),
    (next) => {
      toasts.done(t('policy.publishedToast', { revision: next.publishedRevision }));
      onClose();
    },
  );
  const code = back.error instanceof ApiError ? back.error.body.code : undefined;
  const mayOverride = code === 'assertion-violated' || code === 'analysis-stopped' || override !== '';
  return (
    <Dialog
      danger
      title={t('observation.rollBackTitle', { revision: status.publishedRevision })}
      help={t('observation.rollBackHelp')}
      submit={t('observation.rollBack')}
      busy={back.isPending}
      canSubmit={!hasDraft || discard}
      error={back.error}
      onClose={onClose}
      onSubmit={() => back.mutate()}
    >
      <TextField label={t('policy.comment')} help={t('policy.commentHelp')} value={comment} onChange={setComment} />
      {hasDraft && (
        <Checkbox
          id="discard-draft"
          label={t('observation.discardDraft')}
          description={t('policy.changes', status.changes)}
          isChecked={discard}
          onChange={(_, checked) => setDiscard(checked)}
        />
      )}
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
