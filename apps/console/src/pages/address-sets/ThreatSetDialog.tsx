import { FeedFormat, type ThreatSet } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TenantField, TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';

const FIELDS = /^(name|description|tenantId|feed)(\.|$)/;

/** Where a threat set's entries come from: an address that is asked again and again, or files that people bring. */
export function ThreatSetDialog({
  set,
  onClose,
}: {
  readonly set: ThreatSet | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [name, setName] = useState(set?.name ?? '');
  const [description, setDescription] = useState(set?.description ?? '');
  const [tenantId, setTenantId] = useState(set?.tenantId ?? '');
  const [url, setUrl] = useState(set?.feed.url ?? '');
  const [format, setFormat] = useState<FeedFormat>(set?.feed.format ?? 'list');
  const [column, setColumn] = useState(set?.feed.csvColumn ?? '1');
  const [minutes, setMinutes] = useState(String(set?.feed.everyMinutes ?? 1440));
  const body = () => ({
    name,
    description,
    tenantId: tenantId === '' ? null : tenantId,
    feed: {
      format,
      csvColumn: format === 'csv' ? column : null,
      url: url.trim() === '' ? null : url.trim(),
      everyMinutes: Number(minutes),
    },
  });
  const save = useSave(
    'threatSets',
    () =>
      set === undefined
        ? platform.createThreatSet({ body: body() })
        : platform.updateThreatSet({ params: { id: set.id }, body: { ...body(), revision: set.revision } }),
    (saved) => {
      toasts.done(t('addressSets.saved', { name: saved.name }));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      wide
      title={set === undefined ? t('addressSets.createThreatTitle') : t('addressSets.editTitle', { name: set.name })}
      submit={set === undefined ? t('common.create') : t('common.save')}
      busy={save.isPending}
      canSubmit={name.trim() !== ''}
      error={save.error}
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
    </Dialog>
  );
}
