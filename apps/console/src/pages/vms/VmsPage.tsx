import type { Vm } from '@hypervigil/model';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { vmHaystack } from '../../data/vm-view.ts';
import { DrawerLayout } from '../../ui/DrawerLayout.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { VmIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useNarrowed } from '../../ui/use-narrowed.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { GiveToTenant } from './GiveToTenant.tsx';
import { useVmFilters } from './use-vm-filters.ts';
import { VmSummary } from './VmSummary.tsx';
import { useVmColumns } from './vm-columns.tsx';

const idOf = (vm: Vm) => vm.id;
const nameOf = (vm: Vm) => vm.name;
const textOf = (vm: Vm) => [vmHaystack(vm)];

export function VmsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const vms = useCollection('vms');
  const columns = useVmColumns();
  const [url, patch] = useUrl();
  const filters = useVmFilters(vms.items);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [giving, setGiving] = useState(false);
  const close = useCallback(() => patch({ id: undefined }), [patch]);

  const narrowed = useNarrowed(vms.items, textOf, filters);
  const open = vms.byId.get(url['id'] ?? '');
  const chosen = vms.items.filter((vm) => selected.has(vm.id));

  return (
    <PageFrame fill title={t('vms.title')} subtitle={t('vms.question')}>
      <DrawerLayout
        open={open !== undefined}
        title={open?.name}
        label={t('common.details')}
        onClose={close}
        panel={open !== undefined && <VmSummary vm={open} />}
      >
        <ListFrame
          {...vms}
          empty={
            vms.items.length === 0 && (
              <EmptyTeach
                icon={VmIcon}
                title={t('vms.empty')}
                help={t('vms.emptyHelp')}
                action={
                  <MayButton
                    permission="host:administer"
                    onClick={() => void navigate({ to: '/hosts', search: { do: 'enrol' } })}
                  >
                    {t('hosts.enrol')}
                  </MayButton>
                }
              />
            )
          }
        >
          <EntityTable
            name="vms"
            label={t('vms.title')}
            columns={columns}
            {...narrowed}
            rowId={idOf}
            rowName={nameOf}
            defaultOrder="name"
            selection={{ ids: selected, set: setSelected }}
            bulk={
              chosen.length > 0 && (
                <MayButton permission="vm:assign" variant="secondary" onClick={() => setGiving(true)}>
                  {t('vms.give')} ({t('table.selected', { count: chosen.length })})
                </MayButton>
              )
            }
            activeId={url['id']}
            onActivate={(vm) => patch({ id: vm.id === url['id'] ? undefined : vm.id })}
          />
        </ListFrame>
      </DrawerLayout>
      {giving && <GiveToTenant vms={chosen} onClose={() => setGiving(false)} />}
    </PageFrame>
  );
}
