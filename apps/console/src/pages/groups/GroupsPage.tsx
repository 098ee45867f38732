import { Button } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import type { GroupSummary } from '../../data/collections.ts';
import { useCollection } from '../../data/queries.ts';
import { DrawerLayout } from '../../ui/DrawerLayout.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { GroupIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { RemoveDialog } from '../../ui/RemoveDialog.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { GroupDialog } from './GroupDialog.tsx';
import { GroupSummaryPanel } from './GroupSummaryPanel.tsx';

const idOf = (group: GroupSummary) => group.id;
const nameOf = (group: GroupSummary) => group.name;

export function GroupsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const groups = useCollection('groups');
  const tenants = useCollection('tenants').byId;
  const [url, patch] = useUrl();
  const [editing, setEditing] = useState<GroupSummary>();
  const [removing, setRemoving] = useState<GroupSummary>();
  const close = useCallback(() => patch({ id: undefined }), [patch]);
  const columns = useMemo<readonly Column<GroupSummary>[]>(
    () => [
      { id: 'name', header: t('common.name'), width: 150, text: nameOf, cell: nameOf },
      {
        id: 'members',
        header: t('groups.members'),
        width: 104,
        numeric: true,
        text: (g) => String(g.memberCount),
        sort: (g) => g.memberCount,
        cell: (g) => format.count(g.memberCount),
      },
      {
        id: 'selector',
        header: t('groups.selector'),
        width: 170,
        from: 'md',
        text: (g) => g.selector,
        cell: (g) =>
          g.selector === '' ? (
            <span className="hv-muted">{t('groups.noSelector')}</span>
          ) : (
            <code title={g.selector}>{g.selector}</code>
          ),
      },
      {
        id: 'tenant',
        header: t('groups.tenant'),
        width: 120,
        text: (g) => tenants.get(g.tenantId ?? '')?.name ?? '',
        cell: (g) =>
          g.tenantId === null ? (
            <span className="hv-muted">{t('groups.anyTenant')}</span>
          ) : (
            <TenantTag tenant={tenants.get(g.tenantId)} />
          ),
      },
      {
        id: 'description',
        header: t('common.description'),
        width: 220,
        from: 'lg',
        text: (g) => g.description,
        cell: (g) => <span title={g.description}>{g.description}</span>,
      },
      {
        id: 'changed',
        header: t('groups.changed'),
        width: 110,
        from: 'xl',
        text: (g) => g.changedAt,
        cell: (g) => <RelativeTime at={g.changedAt} />,
      },
    ],
    [t, format, tenants],
  );
  const rows = useMemo(() => {
    const q = (url['q'] ?? '').toLowerCase();
    return groups.items.filter(
      (g) =>
        [g.name, g.id, g.description, g.selector].join('\n').toLowerCase().includes(q) &&
        (!url['tenant'] || g.tenantId === null || g.tenantId === url['tenant']),
    );
  }, [groups.items, url]);
  const open = groups.byId.get(url['id'] ?? '');
  const create = <Button onClick={() => patch({ do: 'create' })}>{t('groups.create')}</Button>;
  return (
    <PageFrame
      fill
      title={t('groups.title')}
      subtitle={t('groups.question')}
      actions={groups.items.length > 0 && create}
    >
      <DrawerLayout
        open={open !== undefined}
        title={open?.name}
        label={t('common.details')}
        onClose={close}
        panel={
          open !== undefined && (
            <GroupSummaryPanel group={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />
          )
        }
      >
        <ListFrame
          {...groups}
          empty={
            groups.items.length === 0 && (
              <EmptyTeach icon={GroupIcon} title={t('groups.empty')} help={t('groups.emptyHelp')} action={create} />
            )
          }
        >
          <EntityTable
            name="groups"
            label={t('groups.title')}
            columns={columns}
            rows={rows}
            total={groups.items.length}
            rowId={idOf}
            rowName={nameOf}
            defaultOrder="name"
            activeId={url['id']}
            onActivate={(g) => patch({ id: g.id === url['id'] ? undefined : g.id })}
          />
        </ListFrame>
      </DrawerLayout>
      {url['do'] === 'create' && <GroupDialog group={undefined} onClose={() => patch({ do: undefined })} />}
      {editing !== undefined && <GroupDialog group={editing} onClose={() => setEditing(undefined)} />}
      {removing !== undefined && (
        <RemoveDialog
          collection="groups"
          title={t('groups.deleteTitle', { name: removing.name })}
          help={t('groups.deleteHelp')}
          done={t('groups.deleted', { name: removing.name })}
          remove={() => platform.deleteGroup({ params: { id: removing.id } })}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </PageFrame>
  );
}
