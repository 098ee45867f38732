import { useTranslation } from 'react-i18next';
import type { CollectionName } from '../data/collections.ts';
import { useSave } from '../data/use-save.ts';
import { Dialog } from './Dialog.tsx';
import { useToasts } from './toast.tsx';

interface Props {
  readonly collection: CollectionName;
  /** Asks, and names what is affected. */
  readonly title: string;
  readonly help: string;
  /** Said when it is done. */
  readonly done: string;
  readonly remove: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something is removed from a collection, and removes it. */
export function RemoveDialog({ collection, title, help, done, remove, onClose }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const removal = useSave(collection, remove, () => {
    toasts.done(done);
    onClose();
  });
  return (
    <Dialog
      danger
      title={title}
      help={help}
      submit={t('common.delete')}
      busy={removal.isPending}
      error={removal.error}
      onClose={onClose}
      onSubmit={() => removal.mutate()}
    />
  );
}
