import type { DraftPolicy } from '@hypervigil/contract';
import { TIERS, type Tier } from '@hypervigil/model';
import { Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { policyBody } from '../../data/policy-edit.ts';
import { useOwnTenant } from '../../data/rights.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TenantField, TextField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useNaming } from '../../ui/use-naming.ts';

interface Props {
  readonly policy: DraftPolicy | undefined;
  /** Where a new one would be. */
  readonly tier?: Tier;
  readonly onClose: () => void;
  readonly onSaved: (id: string) => void;
}

export function PolicyDialog({ policy, tier: initialTier = 'tenant', onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const naming = useNaming(policy);
  const [tier, setTier] = useState<Tier>(policy?.tier ?? initialTier);
  const own = useOwnTenant();
  const [tenantId, setTenantId] = useState(policy?.tenantId ?? own ?? '');
  const [order, setOrder] = useState(String(policy?.order ?? 100));
  const [enabled, setEnabled] = useState(policy?.enabled ?? true);
  const fields = {
    ...naming.values,
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
      canSubmit={naming.isNamed && /^\d+$/.test(order)}
      error={save.error}
      shownFields={(field) => field in fields}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <NamingFields naming={naming} problem={problem} />
      <SelectField
        label={t('policy.tiers')}
        help={t(`policy.tierHelp.${tier}`)}
        problem={problem('tier')}
        value={tier}
        options={(own === null ? TIERS : (['tenant'] as const)).map((value) => ({
          value,
          label: t(`policy.tier.${value}`),
        }))}
        onChange={setTier}
      />
      <TenantField
        label={t('policy.tenant')}
        problem={problem('tenantId')}
        none={t('policy.tenantNone')}
        value={tenantId}
        onChange={setTenantId}
      />
      <TextField
        label={t('policy.order')}
        help={t('policy.orderHelp')}
        problem={problem('order')}
        inputMode="numeric"
        value={order}
        onChange={setOrder}
      />
      <Checkbox
        id="policy-enabled"
        label={t('policy.enabled')}
        isChecked={enabled}
        onChange={(_, checked) => setEnabled(checked)}
      />
    </Dialog>
  );
}
