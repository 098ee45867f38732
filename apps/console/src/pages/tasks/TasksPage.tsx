import { type Task, TaskState } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { FilterSelect } from '../../ui/FilterSelect.tsx';
import { TaskIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { useTaskColumns } from './task-columns.tsx';

const idOf = (task: Task) => task.id;

export function TasksPage() {
  const { t } = useTranslation();
  const tasks = useCollection('tasks');
  const vms = useCollection('vms').byId;
  const columns = useTaskColumns();
  const [url, patch] = useUrl();
  const state = TaskState.options.find((option) => option === url['state']);
  const rows = useMemo(() => {
    const q = (url['q'] ?? '').toLowerCase();
    return tasks.items.filter(
      (task) =>
        (state === undefined || task.state === state) &&
        [task.kind, task.createdBy, task.id, vms.get(task.vmId ?? '')?.name, task.error?.message]
          .join('\n')
          .toLowerCase()
          .includes(q),
    );
  }, [tasks.items, url, state, vms]);
  return (
    <PageFrame fill title={t('tasks.title')} subtitle={t('tasks.question')}>
      <ListFrame
        {...tasks}
        empty={
          tasks.items.length === 0 && (
            <EmptyTeach icon={TaskIcon} title={t('tasks.empty')} help={t('tasks.emptyHelp')} />
          )
        }
      >
        <EntityTable
          name="tasks"
          label={t('tasks.title')}
          columns={columns}
          rows={rows}
          total={tasks.items.length}
          rowId={idOf}
          rowName={(task) => t(`tasks.kinds.${task.kind}`)}
          defaultOrder="-created"
          filters={
            <FilterSelect
              label={t('common.state')}
              value={url['state']}
              choices={TaskState.options.map((value) => ({ value, label: t(`tasks.states.${value}`) }))}
              onChange={(value) => patch({ state: value })}
            />
          }
          chips={
            state === undefined ? [] : [{ key: 'state', name: t('common.state'), value: t(`tasks.states.${state}`) }]
          }
        />
      </ListFrame>
    </PageFrame>
  );
}
