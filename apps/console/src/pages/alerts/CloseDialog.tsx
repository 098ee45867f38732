import { ALERT_RESOLUTIONS, type Alert, type AlertResolution } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';

/** Asks what an alert turned out to be. */
export function CloseDialog({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [resolution, setResolution] = useState<AlertResolution>('true');
  const [comment, setComment] = useState('');
  const body = { resolution, ...(comment.trim() !== '' && { comment }) };
  const save = useSave(
    'alerts',
    () => platform.closeAlert({ params: { id: alert.id }, body }),
    () => {
      toasts.done(t('alerts.closed'));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={t('alerts.close')}
      help={t('alerts.resolutionHelp')}
      submit={t('alerts.close')}
      busy={save.isPending}
      error={save.error}
      shownFields={(field) => field === 'comment'}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <SelectField
        label={t('alerts.resolution')}
        value={resolution}
        options={ALERT_RESOLUTIONS.map((value) => ({ value, label: t(`alerts.resolutions.${value}`) }))}
        onChange={setResolution}
      />
      <TextField label={t('alerts.comment')} problem={problem('comment')} value={comment} onChange={setComment} />
    </Dialog>
  );
}
