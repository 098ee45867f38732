import type { GatewayGroup } from '@hypervigil/model';
import { Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { TenantField, TextField } from '../../ui/fields.tsx';
import { useEditor } from '../../ui/use-editor.ts';

const FIELDS = /^(name|description|tenantId|perHost|maxPerHost|vcpus|memoryMiB)$/;

/** How many gateways each host runs, how large, and whose rules may name them. */
export function GatewayGroupDialog({
  group,
  onClose,
}: {
  readonly group: GatewayGroup | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState(group?.name ?? '');
  const [description, setDescription] = useState(group?.description ?? '');
  const [tenantId, setTenantId] = useState(group?.tenantId ?? '');
  const [perHost, setPerHost] = useState(String(group?.perHost ?? 1));
  const [maxPerHost, setMaxPerHost] = useState(String(group?.maxPerHost ?? ''));
  const [vcpus, setVcpus] = useState(String(group?.vcpus ?? 1));
  const [memory, setMemory] = useState(String(group?.memoryMiB ?? 512));
  const [detect, setDetect] = useState(group?.detect ?? true);
  const { problem, dialog } = useEditor({
    words: 'gatewayGroups',
    editing: group,
    fields: FIELDS,
    save: () => {
      const body = {
        name,
        description,
        tenantId: tenantId === '' ? null : tenantId,
        perHost: Number(perHost),
        ...(maxPerHost.trim() !== '' && { maxPerHost: Number(maxPerHost) }),
        vcpus: Number(vcpus),
        memoryMiB: Number(memory),
        detect,
      };
      return group === undefined
        ? platform.createGatewayGroup({ body })
        : platform.updateGatewayGroup({ params: { id: group.id }, body: { ...body, revision: group.revision } });
    },
    onClose,
  });
  return (
    <Dialog {...dialog} canSubmit={name.trim() !== ''}>
      <TextField label={t('common.name')} problem={problem('name')} required value={name} onChange={setName} />
      <TextField
        label={t('common.description')}
        problem={problem('description')}
        value={description}
        onChange={setDescription}
      />
      <TenantField
        label={t('gatewayGroups.tenant')}
        help={t('gatewayGroups.tenantHelp')}
        problem={problem('tenantId')}
        none={t('gatewayGroups.everybody')}
        value={tenantId}
        onChange={setTenantId}
      />
      <TextField
        inputMode="numeric"
        label={t('gatewayGroups.perHost')}
        help={t('gatewayGroups.perHostHelp')}
        problem={problem('perHost')}
        value={perHost}
        onChange={setPerHost}
      />
      <TextField
        inputMode="numeric"
        label={t('gatewayGroups.maxPerHost')}
        help={t('gatewayGroups.maxPerHostHelp')}
        problem={problem('maxPerHost')}
        value={maxPerHost}
        onChange={setMaxPerHost}
      />
      <TextField
        inputMode="numeric"
        label={t('gatewayGroups.vcpus')}
        help={t('gatewayGroups.vcpusHelp')}
        problem={problem('vcpus')}
        value={vcpus}
        onChange={setVcpus}
      />
      <TextField
        inputMode="numeric"
        label={t('gatewayGroups.memory')}
        help={t('gatewayGroups.memoryHelp')}
        problem={problem('memoryMiB')}
        value={memory}
        onChange={setMemory}
      />
      <Checkbox
        id="gateway-detect"
        label={t('gatewayGroups.detect')}
        isChecked={detect}
        onChange={(_, checked) => setDetect(checked)}
      />
    </Dialog>
  );
}
