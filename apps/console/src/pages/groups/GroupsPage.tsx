import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import type { GroupSummary } from '../../data/collections.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { GroupIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { GroupDialog } from './GroupDialog.tsx';
import { GroupSummaryPanel } from './GroupSummaryPanel.tsx';

const textOf = (g: GroupSummary) => [g.name, g.id, g.description, g.selector];

export function GroupsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const groups = useCollection('groups');
  const common = useCommonColumns();
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<GroupSummary>();
  const [removing, setRemoving] = useState<GroupSummary>();
  const columns = useMemo<readonly Column<GroupSummary>[]>(
    () => [
      common.name(150),
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
      common.owner({ header: t('groups.tenant'), width: 120 }, t('groups.anyTenant')),
      common.text('description', { header: t('common.description'), width: 220, from: 'lg' }, (g) => g.description),
      common.time('changed', { header: t('groups.changed'), width: 110, from: 'xl' }, (g) => g.changedAt),
    ],
    [t, format, common],
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
      <UrlDialog asked="create" permission="group:write">
        {(close) => <GroupDialog group={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && <GroupDialog group={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
