import type { SeenMirror } from '@hypervigil/contract';
import { type MirrorTarget, TUNNEL_PROTOCOLS } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { useOwnTenant } from '../../data/rights.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';
import { SelectField, TenantField, TextField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { PickList } from '../../ui/PickList.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';

const FIELDS = /^(name|description|tenantId|vmIds|oneIn|target)(\.|$)/;

/** Whose traffic is copied, how much of it, and where the copies go. */
export function MirrorDialog({
  mirror,
  onClose,
}: {
  readonly mirror: SeenMirror | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const tunnel = mirror?.target.kind === 'tunnel' ? mirror.target : undefined;
  const naming = useNaming(mirror);
  const own = useOwnTenant();
  const [tenantId, setTenantId] = useState(mirror?.tenantId ?? own ?? '');
  const [vmIds, setVmIds] = useState<readonly string[]>(mirror?.vmIds ?? []);
  const [oneIn, setOneIn] = useState(String(mirror?.oneIn ?? 1));
  const [kind, setKind] = useState<MirrorTarget['kind']>(mirror?.target.kind ?? 'capture');
  const [protocol, setProtocol] = useState(tunnel?.protocol ?? 'vxlan');
  const [collector, setCollector] = useState(tunnel?.collector ?? '');
  const [key, setKey] = useState(String(tunnel?.key ?? 1));
  const [groupId, setGroupId] = useState(mirror?.target.kind === 'gateway' ? mirror.target.groupId : '');
  const vms = useCollection('vms').items.filter((vm) => vm.tenantId === tenantId);
  const gatewayGroups = useCollection('gatewayGroups').items.filter(
    (group) => group.tenantId === null || group.tenantId === tenantId || group.id === groupId,
  );
  const target: MirrorTarget = {
    capture: { kind: 'capture' as const },
    tunnel: { kind: 'tunnel' as const, protocol, collector, key: Number(key) },
    gateway: { kind: 'gateway' as const, groupId },
  }[kind];
  const body = { ...naming.values, vmIds: [...vmIds], oneIn: Number(oneIn), target };
  const { problem, dialog } = useEditor({
    words: 'mirrors',
    editing: mirror,
    fields: FIELDS,
    save: () =>
      mirror === undefined
        ? platform.createMirror({ body: { ...body, tenantId } })
        : platform.updateMirror({ params: { id: mirror.id }, body: { ...body, revision: mirror.revision } }),
    onClose,
  });
  const isWhole = naming.isNamed && tenantId !== '' && (kind !== 'gateway' || groupId !== '');
  return (
    <Dialog {...dialog} canSubmit={isWhole}>
      <NamingFields naming={naming} problem={problem} />
      {mirror === undefined && (
        <TenantField
          label={t('mirrors.tenant')}
          help={t('mirrors.tenantHelp')}
          problem={problem('tenantId')}
          none={t('mirrors.chooseTenant')}
          value={tenantId}
          onChange={(id) => {
            setTenantId(id);
            setVmIds([]);
          }}
        />
      )}
      <Field label={t('mirrors.vms')} help={t('mirrors.vmsHelp')} problem={problem('vmIds')}>
        {(input) => (
          <PickList {...input} placeholder={t('mirrors.noVms')} choices={vms} chosen={vmIds} onChange={setVmIds} />
        )}
      </Field>
      <TextField
        inputMode="numeric"
        label={t('mirrors.oneIn')}
        help={t('mirrors.oneInHelp')}
        problem={problem('oneIn')}
        value={oneIn}
        onChange={setOneIn}
      />
      <SelectField
        label={t('mirrors.target')}
        help={t('mirrors.targetHelp')}
        problem={problem('target.kind')}
        value={kind}
        options={(['capture', 'tunnel', 'gateway'] as const).map((value) => ({
          value,
          label: t(`mirrors.targets.${value}`),
        }))}
        onChange={setKind}
      />
      {kind === 'gateway' && (
        <SelectField
          label={t('mirrors.gateways')}
          help={t('mirrors.gatewaysHelp')}
          problem={problem('target.groupId')}
          value={groupId}
          options={[
            { value: '', label: t('mirrors.chooseGateways') },
            ...gatewayGroups.map((group) => ({ value: group.id, label: group.name })),
          ]}
          onChange={setGroupId}
        />
      )}
      {kind === 'tunnel' && (
        <>
          <div className="hv-row">
            <SelectField
              label={t('mirrors.protocol')}
              problem={problem('target.protocol')}
              value={protocol}
              options={TUNNEL_PROTOCOLS.map((value) => ({ value, label: value.toUpperCase() }))}
              onChange={setProtocol}
            />
            <TextField
              inputMode="numeric"
              label={t('mirrors.key')}
              problem={problem('target.key')}
              value={key}
              onChange={setKey}
            />
          </div>
          <TextField
            label={t('mirrors.collector')}
            help={t('mirrors.collectorHelp')}
            problem={problem('target.collector')}
            required
            value={collector}
            onChange={setCollector}
          />
        </>
      )}
    </Dialog>
  );
}
