import { useTranslation } from 'react-i18next';
import type { CollectionName } from '../data/collections.ts';
import { useSave } from '../data/use-save.ts';
import { useProblemText } from './error-text.ts';
import { useToasts } from './toast.tsx';

/** Collections that people write; each has its words (createTitle, editTitle, saved …) under its own name. */
export type Written =
  | 'networks'
  | 'tenants'
  | 'groups'
  | 'addressSets'
  | 'gatewayGroups'
  | 'schedules'
  | 'mirrors'
  | 'exporters'
  | 'playbooks'
  | 'notificationRoutes'
  | 'namedServices'
  | 'limits'
  | 'assertions';

interface Editing<T> {
  /** What has no page of its own, or no name, has fewer words. */
  readonly words: Written | 'flowViews' | 'detectorSettings';
  /** Read again when it is saved: what has the words, if nothing else is said. */
  readonly collection?: CollectionName;
  readonly createTitle?: string;
  /** Undefined for a new one. */
  readonly editing: { readonly name: string } | undefined;
  /** Whose problems stand at their fields. */
  readonly fields: RegExp;
  readonly save: () => Promise<T>;
  readonly onClose: () => void;
}

/** The dialog of one thing that people write: its title and verb, what saving ends in, the problems of its fields. */
export function useEditor<T extends { readonly name: string }>(props: Editing<T>) {
  const { words, collection = words, createTitle, editing, fields, onClose } = props;
  const { t } = useTranslation();
  const toasts = useToasts();
  const save = useSave(collection, props.save, ({ name }) => {
    toasts.done(t(`${words}.saved`, { name }));
    onClose();
  });
  const isNew = editing === undefined;
  return {
    problem: useProblemText(save.error),
    dialog: {
      title: isNew ? (createTitle ?? t(`${words}.createTitle`)) : t(`${words}.editTitle`, { name: editing.name }),
      submit: isNew ? t('common.create') : t('common.save'),
      busy: save.isPending,
      error: save.error,
      shownFields: (field: string) => fields.test(field),
      onClose,
      onSubmit: () => save.mutate(),
    },
  };
}
