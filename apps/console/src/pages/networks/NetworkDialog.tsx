import type { Network } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { LinesField, TenantField, TextField } from '../../ui/fields.tsx';
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
      <TextField label={t('common.name')} problem={problem('name')} required value={name} onChange={setName} />
      <TextField
        label={t('networks.vlan')}
        help={t('networks.vlanHelp')}
        problem={problem('vlan')}
        inputMode="numeric"
        value={vlan}
        onChange={setVlan}
      />
      <LinesField
        label={t('networks.cidrs')}
        help={t('networks.cidrsHelp')}
        problem={problem('cidrs')}
        rows={3}
        value={cidrs}
        onChange={setCidrs}
      />
      <TenantField
        label={t('networks.owner')}
        problem={problem('tenantId')}
        none={t('common.shared')}
        value={tenantId}
        onChange={setTenantId}
      />
    </Dialog>
  );
}
