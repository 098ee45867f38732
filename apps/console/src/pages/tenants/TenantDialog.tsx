import type { Tenant } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';

export function TenantDialog({
  tenant,
  onClose,
}: {
  readonly tenant: Tenant | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [name, setName] = useState(tenant?.name ?? '');
  const [description, setDescription] = useState(tenant?.description ?? '');
  const [intraTenant, setIntraTenant] = useState(tenant?.intraTenant ?? 'allow');
  const body = { name, description, intraTenant };
  const save = useSave(
    'tenants',
    () =>
      tenant === undefined
        ? platform.createTenant({ body })
        : platform.updateTenant({ params: { id: tenant.id }, body }),
    (saved) => {
      toasts.done(t('tenants.saved', { name: saved.name }));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={tenant === undefined ? t('tenants.createTitle') : t('tenants.editTitle', { name: tenant.name })}
      submit={tenant === undefined ? t('common.create') : t('common.save')}
      busy={save.isPending}
      canSubmit={name.trim() !== ''}
      error={save.error}
      shownFields={(field) => field in body}
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
      <SelectField
        label={t('tenants.intra')}
        help={t('tenants.intraHelp')}
        problem={problem('intraTenant')}
        value={intraTenant}
        options={[
          { value: 'allow', label: t('tenants.intraAllow') },
          { value: 'deny', label: t('tenants.intraDeny') },
        ]}
        onChange={setIntraTenant}
      />
    </Dialog>
  );
}
