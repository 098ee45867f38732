import type { AddressSet } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditableEntries } from '../../data/address-entries.ts';
import { platform } from '../../data/client.ts';
import { useOwnTenant } from '../../data/rights.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FileButton } from '../../ui/FileButton.tsx';
import { LinesField, TenantField } from '../../ui/fields.tsx';
import { linesOf } from '../../ui/lines.ts';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';

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
  const naming = useNaming(set);
  const own = useOwnTenant();
  const [tenantId, setTenantId] = useState(set?.tenantId ?? own ?? '');
  const [typed, setTyped] = useState<{ readonly entries?: string; readonly excluded?: string }>({});
  const stored = useEditableEntries(set?.id);
  const text = (of: 'entries' | 'excluded') => typed[of] ?? stored.data?.[of];
  // Of a list that was not touched nothing is sent, and it stays as it is.
  const lists = {
    ...(typed.entries === undefined ? {} : { entries: [...linesOf(typed.entries)] }),
    ...(typed.excluded === undefined ? {} : { excluded: [...linesOf(typed.excluded)] }),
  };
  const body = { ...naming.values, tenantId: tenantId === '' ? null : tenantId, ...lists };
  const { problem, dialog } = useEditor({
    words: 'addressSets',
    editing: set,
    fields: FIELDS,
    save: () =>
      set === undefined
        ? platform.createAddressSet({ body })
        : platform.updateAddressSet({ params: { id: set.id }, body: { ...body, revision: set.revision } }),
    onClose,
  });
  return (
    <Dialog
      wide
      {...dialog}
      canSubmit={naming.isNamed && stored.data !== undefined}
      error={dialog.error ?? stored.error}
    >
      <NamingFields naming={naming} problem={problem} />
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
