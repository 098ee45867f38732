import { type NamedService, parseServices, writeService } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { LinesField, TextField } from '../../ui/fields.tsx';
import { linesOf } from '../../ui/lines.ts';
import { useToasts } from '../../ui/toast.tsx';

const FIELDS = /^(name|description|services)(\.|$)/;

/** Protocols and ports under a name. */
export function ServiceDialog({
  service,
  onClose,
}: {
  readonly service: NamedService | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [name, setName] = useState(service?.name ?? '');
  const [description, setDescription] = useState(service?.description ?? '');
  const [lines, setLines] = useState((service?.services ?? []).map(writeService).join('\n'));
  const parsed = parseServices(linesOf(lines));
  const services = 'services' in parsed ? parsed.services : [];
  const body = { name, description, services };
  const save = useSave(
    'namedServices',
    () =>
      service === undefined
        ? platform.createNamedService({ body })
        : platform.updateNamedService({ params: { id: service.id }, body: { ...body, revision: service.revision } }),
    (saved) => {
      toasts.done(t('namedServices.saved', { name: saved.name }));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={
        service === undefined ? t('namedServices.createTitle') : t('namedServices.editTitle', { name: service.name })
      }
      submit={service === undefined ? t('common.create') : t('common.save')}
      busy={save.isPending}
      canSubmit={name.trim() !== '' && services.length > 0}
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
      <LinesField
        label={t('policy.services')}
        help={t('namedServices.servicesHelp')}
        problem={'bad' in parsed ? t('policy.servicesBad', { line: parsed.bad }) : problem('services')}
        rows={4}
        value={lines}
        onChange={setLines}
      />
    </Dialog>
  );
}
