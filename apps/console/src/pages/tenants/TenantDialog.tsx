import type { Tenant } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { SelectField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';

const FIELDS = /^(name|description|intraTenant)$/;

export function TenantDialog({
  tenant,
  onClose,
}: {
  readonly tenant: Tenant | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const naming = useNaming(tenant);
  const [intraTenant, setIntraTenant] = useState(tenant?.intraTenant ?? 'allow');
  const body = { ...naming.values, intraTenant };
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
    <Dialog {...dialog} canSubmit={naming.isNamed}>
      <NamingFields naming={naming} problem={problem} />
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
