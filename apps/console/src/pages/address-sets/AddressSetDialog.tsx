import type { AddressSet } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readEditable } from '../../data/address-entries.ts';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { FileButton } from '../../ui/FileButton.tsx';
import { LinesField, TenantField, TextField } from '../../ui/fields.tsx';
import { linesOf } from '../../ui/lines.ts';
import { useToasts } from '../../ui/toast.tsx';

const FIELDS = /^(name|description|tenantId)(\.|$)/;

/** Addresses under a name; a list that is too long to be typed comes from a file. */
export function AddressSetDialog({
  set,
  onClose,
}: {
  readonly set: AddressSet | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [name, setName] = useState(set?.name ?? '');
  const [description, setDescription] = useState(set?.description ?? '');
  const [tenantId, setTenantId] = useState(set?.tenantId ?? '');
  const [typed, setTyped] = useState<{ readonly entries?: string; readonly excluded?: string }>({});
  const stored = useQuery({
    queryKey: ['addressSets', 'editable', set?.id ?? ''],
    queryFn: () => (set === undefined ? { entries: '', excluded: '' } : readEditable(set.id)),
    gcTime: 0,
  });
  const text = (of: 'entries' | 'excluded') => typed[of] ?? stored.data?.[of];
  // Of a list that was not touched nothing is sent, and it stays as it is.
  const lists = {
    ...(typed.entries === undefined ? {} : { entries: [...linesOf(typed.entries)] }),
    ...(typed.excluded === undefined ? {} : { excluded: [...linesOf(typed.excluded)] }),
  };
  const body = { name, description, tenantId: tenantId === '' ? null : tenantId, ...lists };
  const save = useSave(
    'addressSets',
    () =>
      set === undefined
        ? platform.createAddressSet({ body })
        : platform.updateAddressSet({ params: { id: set.id }, body: { ...body, revision: set.revision } }),
    (saved) => {
      toasts.done(t('addressSets.saved', { name: saved.name }));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      wide
      title={set === undefined ? t('addressSets.createTitle') : t('addressSets.editTitle', { name: set.name })}
      submit={set === undefined ? t('common.create') : t('common.save')}
      busy={save.isPending}
      canSubmit={name.trim() !== '' && stored.data !== undefined}
      error={save.error ?? stored.error}
      shownFields={(field) => FIELDS.test(field)}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <TextField label={t('common.name')} problem={problem('name')} required value={name} onChange={setName} />
      <TextField
        label={t('common.description')}
        problem={problem('description')}
        value={description}
        onChange={setDescription}
      />
      <TenantField
        label={t('addressSets.tenant')}
        help={t('addressSets.tenantHelp')}
        problem={problem('tenantId')}
        none={t('addressSets.everybody')}
        value={tenantId}
        onChange={setTenantId}
      />
      {(['entries', 'excluded'] as const).map((of) => (
        <LinesField
          key={of}
          label={t(`addressSets.${of}`)}
          help={
            text(of) === undefined && stored.data !== undefined
              ? t('addressSets.tooMany', { count: set?.[of] ?? 0 })
              : t(`addressSets.${of}Help`)
          }
          problem={problem(of)}
          rows={of === 'entries' ? 6 : 2}
          value={text(of) ?? ''}
          onChange={(value) => setTyped({ ...typed, [of]: value })}
        />
      ))}
      <div>
        <FileButton
          accept=".txt,text/plain"
          onFile={(_, entries) => setTyped({ ...typed, entries: withoutComments(entries) })}
        >
          {t('addressSets.fromFile')}
        </FileButton>
      </div>
    </Dialog>
  );
}

const withoutComments = (text: string): string => text.replace(/#.*$/gm, '');
