import type { AccountWithPassword } from '@hypervigil/contract';
import { isTenantDuty, PROVIDER_DUTIES, TENANT_DUTIES } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useOwnTenant } from '../../data/rights.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TenantField, TextField } from '../../ui/fields.tsx';

interface Props {
  readonly onClose: () => void;
  readonly onMade: (account: AccountWithPassword) => void;
}
type NewDuty = (typeof PROVIDER_DUTIES)[number] | (typeof TENANT_DUTIES)[number];

/** A new person: a name, one duty, and of a tenant's people whose. Somebody of a tenant adds people of that tenant. */
export function AccountDialog({ onClose, onMade }: Props) {
  const { t } = useTranslation();
  const own = useOwnTenant();
  const duties: readonly NewDuty[] = own === null ? [...PROVIDER_DUTIES, ...TENANT_DUTIES] : TENANT_DUTIES;
  const [name, setName] = useState('');
  const [duty, setDuty] = useState<NewDuty>(own === null ? 'security' : 'tenant-member');
  const [chosen, setChosen] = useState('');
  const tenantId = isTenantDuty(duty) ? (own ?? (chosen === '' ? null : chosen)) : null;
  const save = useSave('accounts', () => platform.createAccount({ body: { name, duty, tenantId } }), onMade);
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={t('people.create')}
      help={t('people.createHelp')}
      submit={t('common.create')}
      busy={save.isPending}
      canSubmit={name.trim() !== '' && (!isTenantDuty(duty) || tenantId !== null)}
      error={save.error}
      shownFields={(field) => ['name', 'duty', 'tenantId'].includes(field)}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <TextField label={t('common.name')} problem={problem('name')} required value={name} onChange={setName} />
      <SelectField
        label={t('people.duty')}
        help={t(`people.dutyHelp.${duty}`)}
        problem={problem('duty')}
        value={duty}
        options={duties.map((one) => ({ value: one, label: t(`people.duties.${one}`) }))}
        onChange={setDuty}
      />
      {isTenantDuty(duty) && own === null && (
        <TenantField
          label={t('people.of')}
          none={t('people.chooseTenant')}
          problem={problem('tenantId')}
          value={chosen}
          onChange={setChosen}
        />
      )}
    </Dialog>
  );
}
