import { type Task, TaskState } from '@hypervigil/model';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { TaskIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { type ChoiceFilter, useNarrowed } from '../../ui/use-narrowed.tsx';
import { useTaskColumns } from './task-columns.tsx';

const idOf = (task: Task) => task.id;

export function TasksPage() {
  const { t } = useTranslation();
  const tasks = useCollection('tasks');
  const vms = useCollection('vms').byId;
  const columns = useTaskColumns();
  const filters = useMemo<readonly ChoiceFilter<Task>[]>(
    () => [
      {
        key: 'state',
        label: t('common.state'),
        choices: TaskState.options.map((value) => ({ value, label: t(`tasks.states.${value}`) })),
        fits: ({ state }, value) => state === value,
      },
    ],
    [t],
  );
  const textOf = useCallback(
    ({ kind, createdBy, id, vmId, error }: Task) => [kind, createdBy, id, vms.get(vmId ?? '')?.name, error?.message],
    [vms],
  );
  const narrowed = useNarrowed(tasks.items, textOf, filters);
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
          {...narrowed}
          rowId={idOf}
          rowName={(task) => t(`tasks.kinds.${task.kind}`)}
          defaultOrder="-created"
        />
      </ListFrame>
    </PageFrame>
  );
}
