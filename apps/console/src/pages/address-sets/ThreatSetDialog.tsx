import { FeedFormat, type ThreatSet } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditableEntries } from '../../data/address-entries.ts';
import { platform } from '../../data/client.ts';
import { useOwnTenant } from '../../data/rights.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { LinesField, SelectField, TenantField, TextField } from '../../ui/fields.tsx';
import { linesOf } from '../../ui/lines.ts';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';

const FIELDS = /^(name|description|tenantId|feed|excluded)(\.|$)/;

/** Where a threat set's entries come from: an address that is asked again and again, or files that people bring. */
export function ThreatSetDialog({
  set,
  onClose,
}: {
  readonly set: ThreatSet | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const naming = useNaming(set);
  const own = useOwnTenant();
  const [tenantId, setTenantId] = useState(set?.tenantId ?? own ?? '');
  const [url, setUrl] = useState(set?.feed.url ?? '');
  const [format, setFormat] = useState<FeedFormat>(set?.feed.format ?? 'list');
  const [column, setColumn] = useState(set?.feed.csvColumn ?? '1');
  const [minutes, setMinutes] = useState(String(set?.feed.everyMinutes ?? 1440));
  const [typed, setTyped] = useState<string>();
  const stored = useEditableEntries(set?.id);
  const excluded = typed ?? stored.data?.excluded;
  const body = () => ({
    ...(typed !== undefined && { excluded: [...linesOf(typed)] }),
    ...naming.values,
    tenantId: tenantId === '' ? null : tenantId,
    feed: {
      format,
      csvColumn: format === 'csv' ? column : null,
      url: url.trim() === '' ? null : url.trim(),
      everyMinutes: Number(minutes),
    },
  });
  const { problem, dialog } = useEditor({
    words: 'addressSets',
    collection: 'threatSets',
    createTitle: t('addressSets.createThreatTitle'),
    editing: set,
    fields: FIELDS,
    save: () =>
      set === undefined
        ? platform.createThreatSet({ body: body() })
        : platform.updateThreatSet({ params: { id: set.id }, body: { ...body(), revision: set.revision } }),
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
      <TextField
        label={t('addressSets.url')}
        help={t('addressSets.urlHelp')}
        problem={problem('feed.url')}
        type="url"
        value={url}
        onChange={setUrl}
      />
      <SelectField
        label={t('addressSets.format')}
        problem={problem('feed.format')}
        value={format}
        options={FeedFormat.options.map((value) => ({ value, label: t(`addressSets.formats.${value}`) }))}
        onChange={setFormat}
      />
      {format === 'csv' && (
        <TextField
          label={t('addressSets.csvColumn')}
          help={t('addressSets.csvColumnHelp')}
          problem={problem('feed.csvColumn')}
          value={column}
          onChange={setColumn}
        />
      )}
      <TextField
        label={t('addressSets.everyMinutes')}
        help={t('addressSets.everyMinutesHelp')}
        problem={problem('feed.everyMinutes')}
        inputMode="numeric"
        value={minutes}
        onChange={setMinutes}
      />
      <LinesField
        label={t('addressSets.excluded')}
        help={
          excluded === undefined && stored.data !== undefined
            ? t('addressSets.tooMany', { count: set?.excluded ?? 0 })
            : t('addressSets.excludedHelp')
        }
        problem={problem('excluded')}
        rows={2}
        value={excluded ?? ''}
        onChange={setTyped}
      />
    </Dialog>
  );
}
