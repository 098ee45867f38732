import type { DraftPolicy } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useToasts } from '../../ui/toast.tsx';

export function RemovePolicyDialog({
  policy,
  onClose,
}: {
  readonly policy: DraftPolicy;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const remove = useSave(
    'policies',
    () => platform.deletePolicy({ params: { id: policy.id } }),
    () => {
      toasts.done(t('policy.policyDeleted', { name: policy.name }));
      onClose();
    },
  );
  return (
    <Dialog
      danger
      title={t('policy.deleteTitle', { name: policy.name })}
      help={t('policy.deleteHelp')}
      submit={t('common.remove')}
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
    />
  );
}
