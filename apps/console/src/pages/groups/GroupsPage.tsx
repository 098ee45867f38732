import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import type { GroupSummary } from '../../data/collections.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { GroupIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { GroupDialog } from './GroupDialog.tsx';
import { GroupSummaryPanel } from './GroupSummaryPanel.tsx';

const nameOf = (group: GroupSummary) => group.name;
const textOf = (g: GroupSummary) => [g.name, g.id, g.description, g.selector];

export function GroupsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const groups = useCollection('groups');
  const tenants = useCollection('tenants').byId;
  const [url, patch] = useUrl();
  const [editing, setEditing] = useState<GroupSummary>();
  const [removing, setRemoving] = useState<GroupSummary>();
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
  const create = (
    <MayButton permission="group:write" onClick={() => patch({ do: 'create' })}>
      {t('groups.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="groups"
      name="groups"
      icon={GroupIcon}
      list={groups}
      columns={columns}
      textOf={textOf}
      create={create}
      panel={(open) => (
        <GroupSummaryPanel group={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />
      )}
      removing={removing}
      remove={({ id }) => platform.deleteGroup({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      {url['do'] === 'create' && <GroupDialog group={undefined} onClose={() => patch({ do: undefined })} />}
      {editing !== undefined && <GroupDialog group={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
