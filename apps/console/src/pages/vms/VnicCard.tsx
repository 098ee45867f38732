import type { Vm, Vnic } from '@hypervigil/model';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection, vmLimitsOptions } from '../../data/queries.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { Facts } from '../../ui/Facts.tsx';
import { LinesField, SelectField } from '../../ui/fields.tsx';
import { ProtectionLabel } from '../../ui/labels.tsx';
import { linesOf } from '../../ui/lines.ts';
import { MayButton } from '../../ui/MayButton.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { VnicLimits } from '../limits/VnicLimits.tsx';

const addresses = (list: readonly string[]) =>
  list.length === 0 ? (
    <Dash />
  ) : (
    list.map((ip) => (
      <div key={ip}>
        <Mono>{ip}</Mono>
      </div>
    ))
  );

/** One port of a VM: whether its traffic is policed, why or why not, and what it may use. */
export function VnicCard({ nic }: { readonly nic: Vnic }) {
  const { t } = useTranslation();
  const networks = useCollection('networks');
  const limits = useQuery(vmLimitsOptions(nic.vmId)).data;
  const [editing, setEditing] = useState(false);
  return (
    <Panel
      title={`${t('vms.vnic')} ${nic.device ?? nic.mac}`}
      actions={
        <MayButton permission="vm:assign" variant="link" size="sm" onClick={() => setEditing(true)}>
          {t('vms.editVnic')}
        </MayButton>
      }
    >
      <Facts
        narrow
        facts={[
          {
            name: t('vms.protection'),
            value: (
              <>
                <ProtectionLabel protection={nic.protection} />
                <p className="hv-muted hv-small">{t(`vms.protectionHelp.${nic.protection}`)}</p>
              </>
            ),
          },
          { name: t('vms.network'), value: networks.byId.get(nic.networkId ?? '')?.name ?? <Dash /> },
          { name: t('vms.ipv4'), value: addresses(nic.ipv4) },
          { name: t('vms.ipv6'), value: addresses(nic.ipv6) },
          { name: t('vms.mac'), value: <Mono>{nic.mac}</Mono> },
          { name: t('vms.port'), value: nic.ofport ?? <Dash /> },
          { name: t('limits.ofVnic'), value: <VnicLimits vnicId={nic.id} limits={limits} /> },
        ]}
      />
      {editing && <VnicDialog nic={nic} onClose={() => setEditing(false)} />}
    </Panel>
  );
}

function VnicDialog({ nic, onClose }: { readonly nic: Vnic; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toasts = useToasts();
  const networks = useCollection('networks');
  const [networkId, setNetworkId] = useState(nic.networkId ?? '');
  const [ipv4, setIpv4] = useState(nic.ipv4.join('\n'));
  const [ipv6, setIpv6] = useState(nic.ipv6.join('\n'));
  const save = useMutation({
    mutationFn: () =>
      platform.updateVnic({
        params: { id: nic.id },
        body: { networkId: networkId === '' ? null : networkId, ipv4: [...linesOf(ipv4)], ipv6: [...linesOf(ipv6)] },
      }),
    onSuccess: (saved) => {
      client.setQueryData<readonly Vm[]>(['vms'], (rows) =>
        rows?.map((vm) =>
          vm.id === saved.vmId
            ? { ...vm, vnics: vm.vnics.map((other) => (other.id === saved.id ? saved : other)) }
            : vm,
        ),
      );
      toasts.done(t('vms.vnicSaved'));
      onClose();
    },
  });
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={t('vms.vnicTitle', { mac: nic.mac })}
      help={t('vms.vnicHelp')}
      submit={t('common.save')}
      busy={save.isPending}
      error={save.error}
      shownFields={(field) => /^(networkId|ipv4|ipv6)(\.|$)/.test(field)}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <SelectField
        label={t('vms.network')}
        problem={problem('networkId')}
        value={networkId}
        options={[
          { value: '', label: t('common.none') },
          ...networks.items.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={setNetworkId}
      />
      <LinesField
        label={t('vms.ipv4')}
        help={t('vms.addressesHelp')}
        problem={problem('ipv4')}
        rows={2}
        value={ipv4}
        onChange={setIpv4}
      />
      <LinesField
        label={t('vms.ipv6')}
        help={t('vms.addressesHelp')}
        problem={problem('ipv6')}
        rows={2}
        value={ipv6}
        onChange={setIpv6}
      />
    </Dialog>
  );
}
