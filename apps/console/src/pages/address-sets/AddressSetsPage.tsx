import type { AddressSet } from '@hypervigil/model';
import { Button } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { DrawerLayout } from '../../ui/DrawerLayout.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { AddressSetIcon, WarningIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { RemoveDialog } from '../../ui/RemoveDialog.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { AddressSetDialog } from './AddressSetDialog.tsx';
import { AddressSetPanel } from './AddressSetPanel.tsx';
import { ThreatSetDialog } from './ThreatSetDialog.tsx';

const idOf = (set: AddressSet) => set.id;
const nameOf = (set: AddressSet) => set.name;

export function AddressSetsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const sets = useCollection('addressSets');
  const threats = useCollection('threatSets').byId;
  const tenants = useCollection('tenants').byId;
  const [url, patch] = useUrl();
  const [editing, setEditing] = useState<AddressSet>();
  const [removing, setRemoving] = useState<AddressSet>();
  const close = useCallback(() => patch({ id: undefined }), [patch]);
  const columns = useMemo<readonly Column<AddressSet>[]>(() => {
    const sourceOf = ({ id }: AddressSet) => {
      const threat = threats.get(id);
      return threat && (threat.state.source ?? threat.feed.url ?? t('addressSets.fromFiles'));
    };
    return [
      { id: 'name', header: t('common.name'), width: 170, text: nameOf, cell: nameOf },
      {
        id: 'entries',
        header: t('addressSets.entries'),
        width: 96,
        numeric: true,
        text: (set) => String(set.entries),
        sort: (set) => set.entries,
        cell: (set) => format.count(set.entries),
      },
      {
        id: 'source',
        header: t('addressSets.source'),
        width: 200,
        from: 'md',
        text: (set) => sourceOf(set) ?? '',
        cell: (set) => <span title={sourceOf(set)}>{sourceOf(set) ?? t('addressSets.written')}</span>,
      },
      {
        id: 'age',
        header: t('addressSets.checked'),
        width: 130,
        text: (set) => threats.get(set.id)?.state.checkedAt ?? '',
        cell: (set) => {
          const state = threats.get(set.id)?.state;
          if (state === undefined) return <span className="hv-muted">–</span>;
          if (state.problem === null) return <RelativeTime at={state.checkedAt} />;
          return (
            <span className="hv-row">
              <WarningIcon aria-label={t('addressSets.refreshFailed')} /> <RelativeTime at={state.checkedAt} />
            </span>
          );
        },
      },
      {
        id: 'tenant',
        header: t('addressSets.tenant'),
        width: 120,
        text: (set) => tenants.get(set.tenantId ?? '')?.name ?? '',
        cell: (set) =>
          set.tenantId === null ? (
            <span className="hv-muted">{t('addressSets.everybody')}</span>
          ) : (
            <TenantTag tenant={tenants.get(set.tenantId)} />
          ),
      },
      {
        id: 'changed',
        header: t('addressSets.changed'),
        width: 110,
        from: 'xl',
        text: (set) => set.changedAt,
        cell: (set) => <RelativeTime at={set.changedAt} />,
      },
    ];
  }, [t, format, tenants, threats]);
  const rows = useMemo(() => {
    const q = (url['q'] ?? '').toLowerCase();
    return sets.items.filter(
      (set) =>
        [set.name, set.id, set.description, threats.get(set.id)?.feed.url ?? ''].join('\n').toLowerCase().includes(q) &&
        (!url['tenant'] || set.tenantId === null || set.tenantId === url['tenant']),
    );
  }, [sets.items, threats, url]);
  const open = sets.byId.get(url['id'] ?? '');
  const create = (
    <>
      <Button onClick={() => patch({ do: 'create' })}>{t('addressSets.create')}</Button>{' '}
      <Button variant="secondary" onClick={() => patch({ do: 'create-threat' })}>
        {t('addressSets.createThreat')}
      </Button>
    </>
  );
  const editedThreat = threats.get(editing?.id ?? '');
  return (
    <PageFrame
      fill
      title={t('addressSets.title')}
      subtitle={t('addressSets.question')}
      actions={sets.items.length > 0 && create}
    >
      <DrawerLayout
        open={open !== undefined}
        title={open?.name}
        label={t('common.details')}
        onClose={close}
        panel={
          open !== undefined && (
            <AddressSetPanel
              key={open.id}
              set={open}
              threat={threats.get(open.id)}
              onEdit={() => setEditing(open)}
              onRemove={() => setRemoving(open)}
            />
          )
        }
      >
        <ListFrame
          {...sets}
          empty={
            sets.items.length === 0 && (
              <EmptyTeach
                icon={AddressSetIcon}
                title={t('addressSets.empty')}
                help={t('addressSets.emptyHelp')}
                action={create}
              />
            )
          }
        >
          <EntityTable
            name="address-sets"
            label={t('addressSets.title')}
            columns={columns}
            rows={rows}
            total={sets.items.length}
            rowId={idOf}
            rowName={nameOf}
            defaultOrder="name"
            activeId={url['id']}
            onActivate={(set) => patch({ id: set.id === url['id'] ? undefined : set.id })}
          />
        </ListFrame>
      </DrawerLayout>
      {url['do'] === 'create' && <AddressSetDialog set={undefined} onClose={() => patch({ do: undefined })} />}
      {url['do'] === 'create-threat' && <ThreatSetDialog set={undefined} onClose={() => patch({ do: undefined })} />}
      {editing !== undefined && editedThreat === undefined && (
        <AddressSetDialog set={editing} onClose={() => setEditing(undefined)} />
      )}
      {editedThreat !== undefined && <ThreatSetDialog set={editedThreat} onClose={() => setEditing(undefined)} />}
      {removing !== undefined && (
        <RemoveDialog
          collection="addressSets"
          title={t('addressSets.deleteTitle', { name: removing.name })}
          help={t('addressSets.deleteHelp')}
          done={t('addressSets.deleted', { name: removing.name })}
          remove={() => platform.deleteAddressSet({ params: { id: removing.id } })}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </PageFrame>
  );
}
