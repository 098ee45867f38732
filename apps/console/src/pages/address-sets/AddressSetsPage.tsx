import type { AddressSet } from '@hypervigil/model';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { AddressSetIcon, WarningIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { AddressSetDialog } from './AddressSetDialog.tsx';
import { AddressSetPanel } from './AddressSetPanel.tsx';
import { ThreatSetDialog } from './ThreatSetDialog.tsx';

export function AddressSetsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const sets = useCollection('addressSets');
  const threats = useCollection('threatSets').byId;
  const common = useCommonColumns();
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<AddressSet>();
  const [removing, setRemoving] = useState<AddressSet>();
  const columns = useMemo<readonly Column<AddressSet>[]>(() => {
    const sourceOf = ({ id }: AddressSet) => {
      const threat = threats.get(id);
      return threat && (threat.state.source ?? threat.feed.url ?? t('addressSets.fromFiles'));
    };
    return [
      common.name(170),
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
      common.owner({ header: t('addressSets.tenant'), width: 120 }, t('addressSets.everybody')),
      common.time('changed', { header: t('addressSets.changed'), width: 110, from: 'xl' }, (set) => set.changedAt),
    ];
  }, [t, format, common, threats]);
  const textOf = useCallback(
    (set: AddressSet) => [set.name, set.id, set.description, threats.get(set.id)?.feed.url],
    [threats],
  );
  const create = (
    <>
      <MayButton permission="address-set:write" onClick={() => patch({ do: 'create' })}>
        {t('addressSets.create')}
      </MayButton>{' '}
      <MayButton permission="address-set:write" variant="secondary" onClick={() => patch({ do: 'create-threat' })}>
        {t('addressSets.createThreat')}
      </MayButton>
    </>
  );
  const editedThreat = threats.get(editing?.id ?? '');
  return (
    <CollectionPage
      collection="addressSets"
      name="address-sets"
      icon={AddressSetIcon}
      list={sets}
      columns={columns}
      textOf={textOf}
      create={create}
      panel={(open) => (
        <AddressSetPanel
          key={open.id}
          set={open}
          threat={threats.get(open.id)}
          onEdit={() => setEditing(open)}
          onRemove={() => setRemoving(open)}
        />
      )}
      removing={removing}
      remove={({ id }) => platform.deleteAddressSet({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <UrlDialog asked="create" permission="address-set:write">
        {(close) => <AddressSetDialog set={undefined} onClose={close} />}
      </UrlDialog>
      <UrlDialog asked="create-threat" permission="address-set:write">
        {(close) => <ThreatSetDialog set={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && editedThreat === undefined && (
        <AddressSetDialog set={editing} onClose={() => setEditing(undefined)} />
      )}
      {editedThreat !== undefined && <ThreatSetDialog set={editedThreat} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
