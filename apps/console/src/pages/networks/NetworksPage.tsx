import type { Network } from '@hypervigil/model';
import { Button } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { NetworkIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { RemoveDialog } from '../../ui/RemoveDialog.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { NetworkDialog } from './NetworkDialog.tsx';

const idOf = (network: Network) => network.id;
const nameOf = (network: Network) => network.name;

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
  const rows = useMemo(() => {
    const q = (url['q'] ?? '').toLowerCase();
    return networks.items.filter(
      (n) =>
        [n.name, n.id, n.vlan, ...n.cidrs].join('\n').toLowerCase().includes(q) &&
        (!url['tenant'] || n.tenantId === null || n.tenantId === url['tenant']),
    );
  }, [networks.items, url]);
  const editing = networks.byId.get(url['id'] ?? '');
  const create = <Button onClick={() => patch({ do: 'create' })}>{t('networks.create')}</Button>;
  return (
    <PageFrame
      fill
      title={t('networks.title')}
      subtitle={t('networks.question')}
      actions={networks.items.length > 0 && create}
    >
      <ListFrame
        {...networks}
        empty={
          networks.items.length === 0 && (
            <EmptyTeach icon={NetworkIcon} title={t('networks.empty')} help={t('networks.emptyHelp')} action={create} />
          )
        }
      >
        <EntityTable
          name="networks"
          label={t('networks.title')}
          columns={columns}
          rows={rows}
          total={networks.items.length}
          rowId={idOf}
          rowName={nameOf}
          defaultOrder="name"
          onActivate={(n) => patch({ id: n.id })}
        />
      </ListFrame>
      {url['do'] === 'create' && <NetworkDialog network={undefined} onClose={() => patch({ do: undefined })} />}
      {editing !== undefined && (
        <NetworkDialog key={editing.id} network={editing} onClose={() => patch({ id: undefined })} />
      )}
      {removing !== undefined && (
        <RemoveDialog
          collection="networks"
          title={t('networks.deleteTitle', { name: removing.name })}
          help={t('networks.deleteHelp')}
          done={t('networks.deleted', { name: removing.name })}
          remove={() => platform.deleteNetwork({ params: { id: removing.id } })}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </PageFrame>
  );
}
