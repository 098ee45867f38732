import type { Id } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../data/queries.ts';
import { RelativeTime } from './RelativeTime.tsx';
import { TenantTag } from './TenantTag.tsx';
import type { Column } from './table-model.ts';
import { useFormat } from './use-format.ts';

interface Named {
  readonly name: string;
}
interface Owned {
  readonly tenantId: Id | null;
}
interface Look {
  readonly header: string;
  readonly width: number;
  readonly from?: 'md' | 'lg' | 'xl';
}

/** Columns that many lists have, each written once. */
export interface CommonColumns {
  readonly name: <T extends Named>(width: number) => Column<T>;
  /** Whose it is; `nobody` is said of what belongs to no tenant. */
  readonly owner: <T extends Owned>(look: Look, nobody: string) => Column<T>;
  readonly time: <T>(id: string, look: Look, at: (row: T) => string) => Column<T>;
  readonly text: <T>(id: string, look: Look, text: (row: T) => string) => Column<T>;
  /** How many VMs something has, which lead to their list. */
  readonly vms: <T>(
    header: string,
    count: (row: T) => number,
    search: (row: T) => Readonly<Record<string, Id>>,
  ) => Column<T>;
  readonly actions: <T>(menu: (row: T) => ReactNode) => Column<T>;
}

export function useCommonColumns(): CommonColumns {
  const { t } = useTranslation();
  const format = useFormat();
  const tenants = useCollection('tenants').byId;
  return useMemo(
    () => ({
      name: (width) => ({
        ...{ id: 'name', header: t('common.name'), width },
        text: ({ name }) => name,
        cell: ({ name }) => name,
      }),
      owner: (look, nobody) => ({
        id: 'owner',
        ...look,
        text: ({ tenantId }) => (tenantId === null ? nobody : (tenants.get(tenantId)?.name ?? '')),
        cell: ({ tenantId }) =>
          tenantId === null ? <span className="hv-muted">{nobody}</span> : <TenantTag tenant={tenants.get(tenantId)} />,
      }),
      time: <T,>(id: string, look: Look, at: (row: T) => string): Column<T> => ({
        id,
        ...look,
        text: at,
        cell: (row) => <RelativeTime at={at(row) || null} />,
      }),
      text: <T,>(id: string, look: Look, text: (row: T) => string): Column<T> => ({
        id,
        ...look,
        text,
        cell: (row) => <span title={text(row)}>{text(row)}</span>,
      }),
      vms: <T,>(
        header: string,
        count: (row: T) => number,
        search: (row: T) => Readonly<Record<string, Id>>,
      ): Column<T> => ({
        ...{ id: 'vms', header, width: 70, numeric: true },
        text: (row) => String(count(row)),
        sort: count,
        cell: (row) => (
          <Link to="/vms" search={search(row)}>
            {format.count(count(row))}
          </Link>
        ),
      }),
      actions: (menu) => ({
        ...{ id: 'actions', header: t('common.actions'), headerHidden: true, width: 50, sortable: false },
        text: () => '',
        cell: menu,
      }),
    }),
    [t, format, tenants],
  );
}
