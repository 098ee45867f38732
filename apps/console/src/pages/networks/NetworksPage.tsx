import type { Network } from '@hypervigil/model';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { NetworkIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { NetworkDialog } from './NetworkDialog.tsx';

const textOf = (n: Network) => [n.name, n.id, n.vlan, ...n.cidrs];

export function NetworksPage() {
  const { t } = useTranslation();
  const networks = useCollection('networks');
  const common = useCommonColumns();
  const [url, patch] = useUrl();
  const [removing, setRemoving] = useState<Network>();
  const columns = useMemo<readonly Column<Network>[]>(
    () => [
      common.name(140),
      {
        id: 'vlan',
        header: t('networks.vlan'),
        width: 90,
        text: (n) => String(n.vlan ?? ''),
        sort: (n) => n.vlan ?? 0,
        cell: (n) => n.vlan ?? <span className="hv-muted">{t('networks.untagged')}</span>,
      },
      {
        id: 'cidrs',
        header: t('networks.cidrs'),
        width: 240,
        text: (n) => n.cidrs.join(' '),
        cell: (n) =>
          n.cidrs.length === 0 ? (
            <Dash />
          ) : (
            <span title={n.cidrs.join('\n')}>
              <Mono>{n.cidrs.join(', ')}</Mono>
            </span>
          ),
      },
      common.owner({ header: t('networks.owner'), width: 130, from: 'md' }, t('common.shared')),
      common.vms(
        t('networks.vms'),
        ({ vms }) => vms,
        ({ id }) => ({ network: id }),
      ),
      common.time('created', { header: t('networks.created'), width: 110, from: 'lg' }, (n) => n.createdAt),
      common.actions((n) => (
        <ActionMenu
          permission="network:write"
          subject={n}
          label={`${t('common.actions')}: ${n.name}`}
          actions={[
            { label: t('common.edit'), onSelect: () => patch({ id: n.id }) },
            {
              label: t('common.delete'),
              danger: true,
              onSelect: () => setRemoving(n),
              disabledReason: n.vms > 0 ? t('networks.inUse', { count: n.vms }) : undefined,
            },
          ]}
        />
      )),
    ],
    [t, common, patch],
  );
  const editing = networks.byId.get(url['id'] ?? '');
  const create = (
    <MayButton permission="network:write" onClick={() => patch({ do: 'create' })}>
      {t('networks.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="networks"
      name="networks"
      icon={NetworkIcon}
      list={networks}
      columns={columns}
      textOf={textOf}
      create={create}
      removing={removing}
      remove={({ id }) => platform.deleteNetwork({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <UrlDialog asked="create" permission="network:write">
        {(close) => <NetworkDialog network={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && (
        <NetworkDialog key={editing.id} network={editing} onClose={() => patch({ id: undefined })} />
      )}
    </CollectionPage>
  );
}
