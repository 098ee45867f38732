import type { GatewayGroup } from '@hypervigil/model';
import { Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { TenantField, TextField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';

const SIZES = ['perHost', 'maxPerHost', 'vcpus', 'memoryMiB'] as const;
type Size = (typeof SIZES)[number];
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
  const naming = useNaming(group);
  const [tenantId, setTenantId] = useState(group?.tenantId ?? '');
  const [sizes, setSizes] = useState<Record<Size, string>>({
    perHost: String(group?.perHost ?? 1),
    maxPerHost: String(group?.maxPerHost ?? ''),
    vcpus: String(group?.vcpus ?? 1),
    memoryMiB: String(group?.memoryMiB ?? 512),
  });
  const [detect, setDetect] = useState(group?.detect ?? true);
  const { problem, dialog } = useEditor({
    words: 'gatewayGroups',
    editing: group,
    fields: FIELDS,
    save: () => {
      const body = {
        ...naming.values,
        tenantId: tenantId === '' ? null : tenantId,
        perHost: Number(sizes.perHost),
        ...(sizes.maxPerHost.trim() !== '' && { maxPerHost: Number(sizes.maxPerHost) }),
        vcpus: Number(sizes.vcpus),
        memoryMiB: Number(sizes.memoryMiB),
        detect,
      };
      return group === undefined
        ? platform.createGatewayGroup({ body })
        : platform.updateGatewayGroup({ params: { id: group.id }, body: { ...body, revision: group.revision } });
    },
    onClose,
  });
  return (
    <Dialog {...dialog} canSubmit={naming.isNamed}>
      <NamingFields naming={naming} problem={problem} />
      <TenantField
        label={t('gatewayGroups.tenant')}
        help={t('gatewayGroups.tenantHelp')}
        problem={problem('tenantId')}
        none={t('gatewayGroups.everybody')}
        value={tenantId}
        onChange={setTenantId}
      />
      {SIZES.map((size) => (
        <TextField
          key={size}
          inputMode="numeric"
          label={t(`gatewayGroups.${size}`)}
          help={t(`gatewayGroups.${size}Help`)}
          problem={problem(size)}
          value={sizes[size]}
          onChange={(value) => setSizes({ ...sizes, [size]: value })}
        />
      ))}
      <Checkbox
        id="gateway-detect"
        label={t('gatewayGroups.detect')}
        isChecked={detect}
        onChange={(_, checked) => setDetect(checked)}
      />
    </Dialog>
  );
}
