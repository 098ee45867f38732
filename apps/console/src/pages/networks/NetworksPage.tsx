import type { Network } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { NetworkIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { NetworkDialog } from './NetworkDialog.tsx';

const nameOf = (network: Network) => network.name;
const textOf = (n: Network) => [n.name, n.id, n.vlan, ...n.cidrs];

export function NetworksPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const networks = useCollection('networks');
  const tenants = useCollection('tenants').byId;
  const [url, patch] = useUrl();
  const [removing, setRemoving] = useState<Network>();
  const columns = useMemo<readonly Column<Network>[]>(
    () => [
      { id: 'name', header: t('common.name'), width: 140, text: nameOf, cell: nameOf },
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
      {
        id: 'owner',
        header: t('networks.owner'),
        width: 130,
        from: 'md',
        text: (n) => tenants.get(n.tenantId ?? '')?.name ?? '',
        cell: (n) =>
          n.tenantId === null ? (
            <span className="hv-muted">{t('common.shared')}</span>
          ) : (
            <TenantTag tenant={tenants.get(n.tenantId)} />
          ),
      },
      {
        id: 'vms',
        header: t('networks.vms'),
        width: 70,
        numeric: true,
        text: (n) => String(n.vms),
        sort: (n) => n.vms,
        cell: (n) => (
          <Link to="/vms" search={{ network: n.id }}>
            {format.count(n.vms)}
          </Link>
        ),
      },
      {
        id: 'created',
        header: t('networks.created'),
        width: 110,
        from: 'lg',
        text: (n) => n.createdAt,
        cell: (n) => <RelativeTime at={n.createdAt} />,
      },
      {
        id: 'actions',
        header: t('common.actions'),
        headerHidden: true,
        width: 50,
        sortable: false,
        text: () => '',
        cell: (n) => (
          <ActionMenu
            permission="network:write"
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
        ),
      },
    ],
    [t, format, tenants, patch],
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
      {url['do'] === 'create' && <NetworkDialog network={undefined} onClose={() => patch({ do: undefined })} />}
      {editing !== undefined && (
        <NetworkDialog key={editing.id} network={editing} onClose={() => patch({ id: undefined })} />
      )}
    </CollectionPage>
  );
}
