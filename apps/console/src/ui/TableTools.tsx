import { Button, MenuToggle, Select, SelectList, SelectOption, Tooltip } from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toCsv } from './csv.ts';
import { download } from './download.ts';
import { ColumnsIcon, DownloadIcon } from './icons.tsx';
import type { Column } from './table-model.ts';

interface Props<T> {
  readonly name: string;
  readonly columns: readonly Column<T>[];
  readonly isShown: (column: Column<T>) => boolean;
  readonly toggle: (id: string, on: boolean) => void;
  readonly rows: readonly T[];
  /** Where the platform writes the file, for lists that are not held whole. */
  readonly csvHref?: string | undefined;
  /** In place of that one file, where there are more ways to take the list along. */
  readonly take?: ReactNode;
}

/** Column chooser and CSV download, at the right end of every table's toolbar. */
export function TableTools<T>({ name, columns, isShown, toggle, rows, csvHref, take }: Props<T>) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const save = () => {
    const csv = toCsv(
      columns.map((column) => column.header),
      rows.map((row) => columns.map((column) => column.text(row))),
    );
    download(`${name}.csv`, new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  };
  return (
    <div className="hv-tools">
      <Select
        isOpen={open}
        onOpenChange={setOpen}
        onSelect={(_, id) => {
          const column = columns.find((c) => c.id === id);
          if (column !== undefined) toggle(column.id, !isShown(column));
        }}
        popperProps={{ position: 'end' }}
        toggle={(ref) => (
          <MenuToggle
            ref={ref}
            variant="plain"
            aria-label={t('table.columns')}
            title={t('table.columns')}
            isExpanded={open}
            onClick={() => setOpen(!open)}
            icon={<ColumnsIcon />}
          />
        )}
      >
        <SelectList>
          {columns.map((column) => (
            <SelectOption key={column.id} value={column.id} hasCheckbox isSelected={isShown(column)}>
              {column.header}
            </SelectOption>
          ))}
        </SelectList>
      </Select>
      {take ?? (
        <Tooltip content={t('table.download')}>
          {csvHref === undefined ? (
            <Button variant="plain" aria-label={t('table.download')} icon={<DownloadIcon />} onClick={save} />
          ) : (
            <Button
              variant="plain"
              component="a"
              href={csvHref}
              download={`${name}.csv`}
              aria-label={t('table.download')}
              icon={<DownloadIcon />}
            />
          )}
        </Tooltip>
      )}
    </div>
  );
}
