import type { Tenant } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { SelectField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { useEditor } from '../../ui/use-editor.ts';

const FIELDS = /^(name|description|intraTenant)$/;

export function TenantDialog({
  tenant,
  onClose,
}: {
  readonly tenant: Tenant | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState(tenant?.name ?? '');
  const [description, setDescription] = useState(tenant?.description ?? '');
  const [intraTenant, setIntraTenant] = useState(tenant?.intraTenant ?? 'allow');
  const body = { name, description, intraTenant };
  const { problem, dialog } = useEditor({
    words: 'tenants',
    editing: tenant,
    fields: FIELDS,
    save: () =>
      tenant === undefined
        ? platform.createTenant({ body })
        : platform.updateTenant({ params: { id: tenant.id }, body }),
    onClose,
  });
  return (
    <Dialog {...dialog} canSubmit={name.trim() !== ''}>
      <NamingFields
        problem={problem}
        name={name}
        description={description}
        onName={setName}
        onDescription={setDescription}
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
