import type { NamedService } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { ServicesField, useServices } from '../../ui/ServicesField.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';

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
  const naming = useNaming(service);
  const draft = useServices(service?.services ?? []);
  const { services } = draft;
  const body = { ...naming.values, services };
  const { problem, dialog } = useEditor({
    words: 'namedServices',
    editing: service,
    fields: FIELDS,
    save: () =>
      service === undefined
        ? platform.createNamedService({ body })
        : platform.updateNamedService({ params: { id: service.id }, body: { ...body, revision: service.revision } }),
    onClose,
  });
  return (
    <Dialog {...dialog} canSubmit={naming.isNamed && services.length > 0}>
      <NamingFields naming={naming} problem={problem} />
      <ServicesField draft={draft} help={t('namedServices.servicesHelp')} rows={4} problem={problem('services')} />
    </Dialog>
  );
}
