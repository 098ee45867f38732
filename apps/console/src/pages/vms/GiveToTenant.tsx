import type { Vm } from '@hypervigil/model';
import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { upsert } from '../../data/events.ts';
import { useCollection } from '../../data/queries.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';
import { useToasts } from '../../ui/toast.tsx';

export function GiveToTenant({ vms, onClose }: { readonly vms: readonly Vm[]; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toasts = useToasts();
  const tenants = useCollection('tenants');
  const [tenantId, setTenantId] = useState(vms[0]?.tenantId ?? '');
  const give = useMutation({
    mutationFn: async () => {
      // One after the other: a refusal stops here, and what was given before stays given.
      for (const vm of vms) {
        const changed = await platform.updateVm({
          params: { id: vm.id },
          body: { tenantId: tenantId === '' ? null : tenantId },
        });
        client.setQueryData<readonly Vm[]>(['vms'], (rows) => rows && upsert(rows, new Map([[changed.id, changed]])));
      }
    },
    onSuccess: () => {
      toasts.done(t('vms.given'));
      onClose();
    },
  });
  return (
    <Dialog
      title={
        vms.length === 1 ? t('vms.giveTitle', { name: vms[0]!.name }) : t('vms.giveTitleMany', { count: vms.length })
      }
      help={t('vms.giveHelp')}
      submit={t('vms.give')}
      busy={give.isPending}
      error={give.error}
      onClose={onClose}
      onSubmit={() => give.mutate()}
    >
      <Field label={t('vms.tenant')}>
        {(input) => (
          <FormSelect {...input} value={tenantId} onChange={(_, value) => setTenantId(value)}>
            <FormSelectOption value="" label={t('common.unowned')} />
            {tenants.items.map((tenant) => (
              <FormSelectOption key={tenant.id} value={tenant.id} label={tenant.name} />
            ))}
          </FormSelect>
        )}
      </Field>
    </Dialog>
  );
}
