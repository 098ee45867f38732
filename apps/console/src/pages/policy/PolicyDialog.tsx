import type { DraftPolicy } from '@hypervigil/contract';
import { TIERS, type Tier } from '@hypervigil/model';
import { Checkbox, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { policyBody } from '../../data/policy-edit.ts';
import { useCollection } from '../../data/queries.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { Field } from '../../ui/Field.tsx';
import { useToasts } from '../../ui/toast.tsx';

interface Props {
  readonly policy: DraftPolicy | undefined;
  readonly onClose: () => void;
  readonly onSaved: (id: string) => void;
}

export function PolicyDialog({ policy, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const tenants = useCollection('tenants');
  const [name, setName] = useState(policy?.name ?? '');
  const [description, setDescription] = useState(policy?.description ?? '');
  const [tier, setTier] = useState<Tier>(policy?.tier ?? 'tenant');
  const [tenantId, setTenantId] = useState(policy?.tenantId ?? '');
  const [order, setOrder] = useState(String(policy?.order ?? 100));
  const [enabled, setEnabled] = useState(policy?.enabled ?? true);
  const fields = {
    name,
    description,
    tier,
    tenantId: tenantId === '' ? null : tenantId,
    order: Number(order),
    enabled,
  };
  const save = useSave(
    'policies',
    () =>
      policy === undefined
        ? platform.createPolicy({ body: { ...fields, rules: [] } })
        : platform.updatePolicy({ params: { id: policy.id }, body: { ...policyBody(policy), ...fields } }),
    (saved) => {
      toasts.done(t('policy.policySaved', { name: saved.name }));
      onSaved(saved.id);
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={policy === undefined ? t('policy.addPolicy') : t('policy.editPolicy')}
      submit={t('policy.saveRule')}
      busy={save.isPending}
      canSubmit={name.trim() !== '' && /^\d+$/.test(order)}
      error={save.error}
      shownFields={(field) => field in fields}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <Field label={t('common.name')} problem={problem('name')} required>
        {(input) => <TextInput {...input} isRequired value={name} onChange={(_, value) => setName(value)} />}
      </Field>
      <Field label={t('common.description')} problem={problem('description')}>
        {(input) => <TextInput {...input} value={description} onChange={(_, value) => setDescription(value)} />}
      </Field>
      <Field label={t('policy.tiers')} help={t(`policy.tierHelp.${tier}`)} problem={problem('tier')}>
        {(input) => (
          <FormSelect
            {...input}
            value={tier}
            onChange={(_, value) => setTier(TIERS.find((one) => one === value) ?? 'tenant')}
          >
            {TIERS.map((one) => (
              <FormSelectOption key={one} value={one} label={t(`policy.tier.${one}`)} />
            ))}
          </FormSelect>
        )}
      </Field>
      <Field label={t('policy.tenant')} problem={problem('tenantId')}>
        {(input) => (
          <FormSelect {...input} value={tenantId} onChange={(_, value) => setTenantId(value)}>
            <FormSelectOption value="" label={t('policy.tenantNone')} />
            {tenants.items.map((tenant) => (
              <FormSelectOption key={tenant.id} value={tenant.id} label={tenant.name} />
            ))}
          </FormSelect>
        )}
      </Field>
      <Field label={t('policy.order')} help={t('policy.orderHelp')} problem={problem('order')}>
        {(input) => <TextInput {...input} inputMode="numeric" value={order} onChange={(_, value) => setOrder(value)} />}
      </Field>
      <Checkbox
        id="policy-enabled"
        label={t('policy.enabled')}
        isChecked={enabled}
        onChange={(_, checked) => setEnabled(checked)}
      />
    </Dialog>
  );
}
