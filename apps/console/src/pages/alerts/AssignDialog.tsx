import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { TextField } from '../../ui/fields.tsx';

interface Props {
  readonly title: string;
  /** Who has it now. */
  readonly assignee: string | null;
  readonly collection: 'alerts' | 'incidents';
  readonly assign: (body: { readonly assignee: string | null }) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks who looks after alerts. Not everybody who may say so may see who has an account: it is a name that is typed. */
export function AssignDialog({ title, assignee: present, collection, assign, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(present ?? '');
  const assignee = name.trim() === '' ? null : name;
  const save = useSave(collection, () => assign({ assignee }), onClose);
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={title}
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
