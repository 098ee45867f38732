import type { Network } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { LinesField, TenantField, TextField } from '../../ui/fields.tsx';
import { linesOf } from '../../ui/lines.ts';
import { useEditor } from '../../ui/use-editor.ts';

const FIELDS = /^(name|vlan|cidrs|tenantId)(\.|$)/;

export function NetworkDialog({
  network,
  onClose,
}: {
  readonly network: Network | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
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
  const { problem, dialog } = useEditor({
    words: 'networks',
    editing: network,
    fields: FIELDS,
    save: () =>
      network === undefined
        ? platform.createNetwork({ body: body() })
        : platform.updateNetwork({ params: { id: network.id }, body: body() }),
    onClose,
  });
  return (
    <Dialog {...dialog} canSubmit={name.trim() !== ''}>
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
