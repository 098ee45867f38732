import type { Tenant } from '@hypervigil/model';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { TenantIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { TenantDialog } from './TenantDialog.tsx';

const nameOf = (tenant: Tenant) => tenant.name;
const textOf = (tenant: Tenant) => [tenant.name, tenant.id, tenant.description];

const countBy = (ids: readonly (string | null)[]) => {
  const counts = new Map<string, number>();
  for (const id of ids) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  return (id: string) => counts.get(id) ?? 0;
};

export function TenantsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const tenants = useCollection('tenants');
  const common = useCommonColumns();
  const vms = useCollection('vms').items;
  const networks = useCollection('networks').items;
  const [url, patch] = useUrl();
  const [removing, setRemoving] = useState<Tenant>();
  const columns = useMemo<readonly Column<Tenant>[]>(() => {
    const vmsOf = countBy(vms.map((vm) => vm.tenantId));
    const networksOf = countBy(networks.map((network) => network.tenantId));
    const owns = (tenant: Tenant) =>
      vmsOf(tenant.id) + networksOf(tenant.id) === 0
        ? undefined
        : t('tenants.owns', { vms: vmsOf(tenant.id), networks: networksOf(tenant.id) });
    return [
      {
        id: 'name',
        header: t('common.name'),
        width: 140,
        text: nameOf,
        cell: (tenant) => <TenantTag tenant={tenant} />,
      },
      {
        id: 'intra',
        header: t('tenants.intra'),
        width: 170,
        text: (tenant) => tenant.intraTenant,
        cell: (tenant) => t(tenant.intraTenant === 'allow' ? 'tenants.intraAllow' : 'tenants.intraDeny'),
      },
      common.vms(
        t('tenants.vms'),
        ({ id }) => vmsOf(id),
        ({ id }) => ({ tenant: id }),
      ),
      {
        id: 'networks',
        header: t('networks.title'),
        width: 90,
        numeric: true,
        from: 'md',
        text: (tenant) => String(networksOf(tenant.id)),
        sort: (tenant) => networksOf(tenant.id),
        cell: (tenant) => format.count(networksOf(tenant.id)),
      },
      common.text(
        'description',
        { header: t('common.description'), width: 260, from: 'md' },
        ({ description }) => description,
      ),
      common.time('created', { header: t('networks.created'), width: 110, from: 'lg' }, ({ createdAt }) => createdAt),
      common.actions((tenant) => (
        <ActionMenu
          permission="tenant:write"
          label={`${t('common.actions')}: ${tenant.name}`}
          actions={[
            { label: t('common.edit'), onSelect: () => patch({ id: tenant.id }) },
            {
              label: t('common.delete'),
              danger: true,
              onSelect: () => setRemoving(tenant),
              disabledReason: owns(tenant),
            },
          ]}
        />
      )),
    ];
  }, [t, format, common, vms, networks, patch]);
  const editing = tenants.byId.get(url['id'] ?? '');
  const create = (
    <MayButton permission="tenant:write" onClick={() => patch({ do: 'create' })}>
      {t('tenants.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="tenants"
      name="tenants"
      icon={TenantIcon}
      list={tenants}
      columns={columns}
      textOf={textOf}
      create={create}
      removing={removing}
      remove={({ id }) => platform.deleteTenant({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <UrlDialog asked="create" permission="tenant:write">
        {(close) => <TenantDialog tenant={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && (
        <TenantDialog key={editing.id} tenant={editing} onClose={() => patch({ id: undefined })} />
      )}
    </CollectionPage>
  );
}
