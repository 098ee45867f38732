import type { PolicyStatus } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useDraftEnd } from '../policy/use-draft-end.ts';

interface Props {
  readonly revision: number;
  readonly status: PolicyStatus;
  readonly onClose: () => void;
}

/** Makes the draft what a revision was; what the draft changes now is lost, and said so. */
export function RestoreDialog({ revision, status, onClose }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const { added, changed, removed } = status.changes;
  const restore = useDraftEnd(
    () => platform.restorePolicy({ body: { revision, draftRevision: status.draftRevision } }),
    () => {
      toasts.done(t('history.restored', { revision }));
      onClose();
    },
  );
  return (
    <Dialog
      danger={added + changed + removed > 0}
      title={t('history.restoreTitle', { revision })}
      help={t('history.restoreHelp', { changes: t('policy.changes', status.changes) })}
      submit={t('history.restoreNow')}
      busy={restore.isPending}
      error={restore.error}
      onClose={onClose}
      onSubmit={() => restore.mutate()}
    />
  );
}
