import type { Network } from '@hypervigil/model';
import { FormSelect, FormSelectOption, TextArea, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { Field } from '../../ui/Field.tsx';
import { linesOf } from '../../ui/lines.ts';
import { useToasts } from '../../ui/toast.tsx';

const FIELDS = /^(name|vlan|cidrs|tenantId)(\.|$)/;

export function NetworkDialog({
  network,
  onClose,
}: {
  readonly network: Network | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const tenants = useCollection('tenants');
  const [name, setName] = useState(network?.name ?? '');
  const [vlan, setVlan] = useState(network?.vlan?.toString() ?? '');
  const [cidrs, setCidrs] = useState(network?.cidrs.join('\n') ?? '');
  const [tenantId, setTenantId] = useState(network?.tenantId ?? '');
  const body = () => ({
    name,
    vlan: vlan.trim() === '' ? null : Number(vlan),
    cidrs: [...linesOf(cidrs)],
    tenantId: tenantId === '' ? null : tenantId,
  });
  const save = useSave(
    'networks',
    () =>
      network === undefined
        ? platform.createNetwork({ body: body() })
        : platform.updateNetwork({ params: { id: network.id }, body: body() }),
    (saved) => {
      toasts.done(t('networks.saved', { name: saved.name }));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={network === undefined ? t('networks.createTitle') : t('networks.editTitle', { name: network.name })}
      submit={network === undefined ? t('common.create') : t('common.save')}
      busy={save.isPending}
      canSubmit={name.trim() !== ''}
      error={save.error}
      shownFields={(field) => FIELDS.test(field)}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <Field label={t('common.name')} problem={problem('name')} required>
        {(input) => <TextInput {...input} isRequired value={name} onChange={(_, value) => setName(value)} />}
      </Field>
      <Field label={t('networks.vlan')} help={t('networks.vlanHelp')} problem={problem('vlan')}>
        {(input) => <TextInput {...input} inputMode="numeric" value={vlan} onChange={(_, value) => setVlan(value)} />}
      </Field>
      <Field label={t('networks.cidrs')} help={t('networks.cidrsHelp')} problem={problem('cidrs')}>
        {(input) => (
          <TextArea {...input} rows={3} className="hv-mono" value={cidrs} onChange={(_, value) => setCidrs(value)} />
        )}
      </Field>
      <Field label={t('networks.owner')} problem={problem('tenantId')}>
        {(input) => (
          <FormSelect {...input} value={tenantId} onChange={(_, value) => setTenantId(value)}>
            <FormSelectOption value="" label={t('common.shared')} />
            {tenants.items.map((tenant) => (
              <FormSelectOption key={tenant.id} value={tenant.id} label={tenant.name} />
            ))}
          </FormSelect>
        )}
      </Field>
    </Dialog>
  );
}
