import type { Task } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { useTaskColumns } from './task-columns.tsx';

/** The tasks of one thing, on that thing's page. */
export function TaskTable({ filter }: { readonly filter: (task: Task) => boolean }) {
  const { t } = useTranslation();
  const columns = useTaskColumns();
  const tasks = useCollection('tasks').items.filter(filter);
  if (tasks.length === 0) return <p className="hv-nothing">{t('tasks.empty')}</p>;
  return (
    <DataTable
      label={t('tasks.title')}
      columns={columns}
      rows={tasks}
      rowId={(task) => task.id}
      rowName={(task) => task.kind}
      order={{ column: 'created', descending: true }}
      maxHeight={280}
    />
  );
}
