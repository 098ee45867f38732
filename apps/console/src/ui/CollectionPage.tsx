import { type ComponentType, type ReactNode, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entities } from '../data/collections.ts';
import type { Collection } from '../data/queries.ts';
import { DrawerLayout } from './DrawerLayout.tsx';
import { EmptyTeach } from './EmptyTeach.tsx';
import { EntityTable } from './EntityTable.tsx';
import { ListFrame } from './ListFrame.tsx';
import { PageFrame } from './PageFrame.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import type { Column } from './table-model.ts';
import type { Written } from './use-editor.ts';
import { useNarrowed, useTenantFilter } from './use-narrowed.tsx';
import { useUrl } from './use-url.ts';

interface Props<K extends Written> {
  readonly collection: K;
  /** Of the stored column choice and the CSV file. */
  readonly name: string;
  readonly icon: ComponentType;
  readonly list: Collection<Entities[K]>;
  readonly columns: readonly Column<Entities[K]>[];
  /** What a search looks through. */
  readonly textOf: (item: Entities[K]) => readonly unknown[];
  readonly create: ReactNode;
  /** What stands beside the table of the item that is open. Without it, opening is the page's own affair (`?id=`). */
  readonly panel?: (item: Entities[K]) => ReactNode;
  readonly removing: Entities[K] | undefined;
  readonly remove: (item: Entities[K]) => Promise<unknown>;
  readonly onRemoveClose: () => void;
  /** The page's dialogs. */
  readonly children: ReactNode;
}

const idOf = ({ id }: { readonly id: string }) => id;
/** Null is everybody's, as is what has no owner. */
const ownerOf = (item: object) => ('tenantId' in item && typeof item.tenantId === 'string' ? item.tenantId : null);
const nameOf = ({ name }: { readonly name: string }) => name;

/** One collection as a table: search and the chosen tenant in the URL, details beside it, a way to add and to delete. */
export function CollectionPage<K extends Written>(props: Props<K>) {
  const { collection, list, columns, textOf, create, panel, removing, remove, onRemoveClose } = props;
  const words: Written = collection;
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const close = useCallback(() => patch({ id: undefined }), [patch]);
  const ofTenant = useTenantFilter();
  const filters = useMemo(
    () => [
      {
        ...ofTenant,
        fits: (item: Entities[K], value: string) => [null, value].includes(ownerOf(item)),
      },
    ],
    [ofTenant],
  );
  const narrowed = useNarrowed(list.items, textOf, filters);
  const open = panel && list.byId.get(url['id'] ?? '');
  const isEmpty = list.items.length === 0;
  const table = (
    <ListFrame
      {...list}
      empty={
        isEmpty && (
          <EmptyTeach icon={props.icon} title={t(`${words}.empty`)} help={t(`${words}.emptyHelp`)} action={create} />
        )
      }
    >
      <EntityTable
        name={props.name}
        label={t(`${words}.title`)}
        columns={columns}
        {...narrowed}
        rowId={idOf}
        rowName={nameOf}
        defaultOrder="name"
        activeId={panel && url['id']}
        onActivate={({ id }) => patch({ id: panel && id === url['id'] ? undefined : id })}
      />
    </ListFrame>
  );
  return (
    <PageFrame fill title={t(`${words}.title`)} subtitle={t(`${words}.question`)} actions={!isEmpty && create}>
      {panel ? (
        <DrawerLayout
          open={open !== undefined}
          title={open?.name}
          label={t('common.details')}
          onClose={close}
          panel={open !== undefined && panel(open)}
        >
          {table}
        </DrawerLayout>
      ) : (
        table
      )}
      {props.children}
      {removing !== undefined && (
        <RemoveDialog
          collection={collection}
          title={t(`${words}.deleteTitle`, { name: removing.name })}
          help={t(`${words}.deleteHelp`)}
          done={t(`${words}.deleted`, { name: removing.name })}
          remove={() => remove(removing)}
          onClose={onRemoveClose}
        />
      )}
    </PageFrame>
  );
}
