import type { DraftApproval } from '@hypervigil/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useApprovalText } from './use-approval-text.ts';
import { useDraftEnd } from './use-draft-end.ts';

interface Props {
  readonly part: DraftApproval;
  /** What one approved already is taken back. */
  readonly withdraw: boolean;
  readonly onClose: () => void;
}

/** One's word for a part of the draft as it is now, or taken back, with a reason that is kept. */
export function ApprovalDialog({ part, withdraw, onClose }: Props) {
  const { t } = useTranslation();
  const text = useApprovalText();
  const toasts = useToasts();
  const [comment, setComment] = useState('');
  // What was read is what is approved: one more change in between refuses it.
  const [{ tenantId, revision }] = useState(part);
  const words = withdraw ? 'withdrawing' : 'approving';
  const give = useDraftEnd(
    () =>
      withdraw
        ? platform.withdrawApproval({ body: { tenantId, comment } })
        : platform.approvePolicy({ body: { tenantId, revision, comment } }),
    () => {
      toasts.done(t(`approvals.${words}.done`));
      onClose();
    },
  );
  return (
    <Dialog
      title={t(`approvals.${words}.title`)}
      help={t(`approvals.${words}.help`)}
      submit={t(withdraw ? 'approvals.withdraw' : 'approvals.approve')}
      busy={give.isPending}
      error={give.error}
      onClose={onClose}
      onSubmit={() => give.mutate()}
    >
      <p>{text(part)}</p>
      <TextField label={t('policy.comment')} help={t('approvals.commentHelp')} value={comment} onChange={setComment} />
    </Dialog>
  );
}
