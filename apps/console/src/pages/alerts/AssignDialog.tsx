import type { Alert } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { TextField } from '../../ui/fields.tsx';

/** Asks who looks after an alert. Not everybody who may say so may see who has an account: it is a name that is typed. */
export function AssignDialog({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(alert.assignee ?? '');
  const assignee = name.trim() === '' ? null : name;
  const save = useSave('alerts', () => platform.assignAlert({ params: { id: alert.id }, body: { assignee } }), onClose);
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={t('alerts.assignTitle')}
      submit={t('alerts.assign')}
      busy={save.isPending}
      error={save.error}
      shownFields={(field) => field === 'assignee'}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <TextField
        label={t('alerts.account')}
        help={t('alerts.accountHelp')}
        problem={problem('assignee')}
        value={name}
        onChange={setName}
      />
    </Dialog>
  );
}
