import type { Vm, VmAction } from '@hypervigil/model';
import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { GiveToTenant } from './GiveToTenant.tsx';
import { QuarantineDialog } from './QuarantineDialog.tsx';
import { TagsDialog } from './TagsDialog.tsx';
import { migrationTargets, useVmActions } from './use-vm-actions.ts';

type Open = 'stop' | 'migrate' | 'give' | 'tags' | 'quarantine' | undefined;

/** Everything that can be done to one VM. What cannot be done now is there too, and says why. */
export function VmActions({ vm, compact = false }: { readonly vm: Vm; readonly compact?: boolean }) {
  const { t } = useTranslation();
  const actions = useVmActions();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const run = (action: VmAction) => () => {
    if (action === 'stop' || action === 'migrate') setOpen(action);
    else void actions.run(action, vm);
  };
  const entry = (action: VmAction) => ({
    label: t(`vms.action.${action}`),
    onSelect: run(action),
    disabledReason: actions.reason(action, vm),
    danger: action === 'stop',
    permission: action === 'migrate' ? ('vm:migrate' as const) : ('vm:operate' as const),
  });
  const isFree = vm.quarantine === null;
  const cut = {
    label: t(isFree ? 'vms.quarantine.action' : 'vms.release.action'),
    onSelect: () => setOpen('quarantine'),
    danger: isFree,
    permission: 'vm:quarantine' as const,
  };
  const first: VmAction = actions.reason('start', vm) === undefined || vm.state === 'shutoff' ? 'start' : 'shutdown';
  const rest: VmAction[] = (['start', 'shutdown', 'reboot', 'migrate', 'stop'] as const).filter(
    (a) => compact || a !== first,
  );
  return (
    <>
      {!compact && (
        <MayButton
          permission="vm:operate"
          variant="secondary"
          disabledReason={actions.reason(first, vm)}
          onClick={run(first)}
        >
          {t(`vms.action.${first}`)}
        </MayButton>
      )}
      {!compact && (
        <MayButton permission="vm:quarantine" variant="secondary" isDanger={isFree} onClick={cut.onSelect}>
          {cut.label}
        </MayButton>
      )}
      <ActionMenu
        label={t('common.actions')}
        text={t('common.actions')}
        actions={[
          ...rest.map(entry),
          ...(compact ? [cut] : []),
          { label: t('vms.give'), permission: 'vm:assign', onSelect: () => setOpen('give') },
          { label: t('vms.editTags'), permission: 'vm:assign', onSelect: () => setOpen('tags') },
        ]}
      />
      {open === 'stop' && (
        <Dialog
          danger
          title={t('vms.stopTitle', { name: vm.name })}
          help={t('vms.stopHelp')}
          submit={t('vms.action.stop')}
          onClose={close}
          onSubmit={() => {
            close();
            void actions.run('stop', vm);
          }}
        />
      )}
      {open === 'migrate' && <MigrateDialog vm={vm} onClose={close} />}
      {open === 'give' && <GiveToTenant vms={[vm]} onClose={close} />}
      {open === 'quarantine' && <QuarantineDialog vm={vm} onClose={close} />}
      {open === 'tags' && <TagsDialog vm={vm} onClose={close} />}
    </>
  );
}

function MigrateDialog({ vm, onClose }: { readonly vm: Vm; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { migrate } = useVmActions();
  const targets = migrationTargets(vm, useCollection('hosts').items);
  const [to, setTo] = useState(targets[0]?.id ?? '');
  return (
    <Dialog
      title={t('vms.migrateTitle', { name: vm.name })}
      help={t('vms.migrateHelp')}
      submit={t('vms.action.migrate')}
      canSubmit={to !== ''}
      onClose={onClose}
      onSubmit={() => {
        onClose();
        void migrate(vm, to);
      }}
    >
      <Field label={t('vms.migrateTo')}>
        {(input) => (
          <FormSelect {...input} value={to} onChange={(_, value) => setTo(value)}>
            {targets.map((host) => (
              <FormSelectOption key={host.id} value={host.id} label={host.name} />
            ))}
          </FormSelect>
        )}
      </Field>
    </Dialog>
  );
}
