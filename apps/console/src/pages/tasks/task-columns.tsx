import { languageOf, taskErrorText } from '@hypervigil/contract';
import type { Task } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { actorText } from '../../i18n/codes.ts';
import { TaskStateLabel } from '../../ui/labels.tsx';
import { HostLink, VmLink } from '../../ui/links.tsx';
import { Dash } from '../../ui/Mono.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';

const tookMs = (task: Task) =>
  task.startedAt === null
    ? undefined
    : Math.max(0, Date.parse(task.endedAt ?? new Date().toISOString()) - Date.parse(task.startedAt));

export function useTaskColumns(): readonly Column<Task>[] {
  const { t, i18n } = useTranslation();
  const language = languageOf(i18n.language);
  const format = useFormat();
  const vms = useCollection('vms').byId;
  const hosts = useCollection('hosts').byId;
  return useMemo(() => {
    const subject = (task: Task) => vms.get(task.vmId ?? '')?.name ?? hosts.get(task.hostId ?? '')?.name ?? '';
    const target = (task: Task) => hosts.get(String(task.params['toHostId'] ?? ''))?.name;
    return [
      {
        id: 'state',
        header: t('common.state'),
        width: 100,
        text: (task) => t(`tasks.states.${task.state}`),
        cell: (task) => <TaskStateLabel state={task.state} />,
      },
      {
        id: 'kind',
        header: t('tasks.kind'),
        width: 150,
        text: (task) => t(`tasks.kinds.${task.kind}`),
        cell: (task) => {
          const to = target(task);
          return (
            <>
              {t(`tasks.kinds.${task.kind}`)}{' '}
              {to !== undefined && <span className="hv-muted">{t('tasks.to', { host: to })}</span>}
            </>
          );
        },
      },
      {
        id: 'subject',
        header: t('tasks.subject'),
        width: 130,
        text: subject,
        cell: (task) => (task.vmId !== null ? <VmLink id={task.vmId} /> : <HostLink id={task.hostId} />),
      },
      {
        id: 'outcome',
        header: t('tasks.outcome'),
        width: 240,
        from: 'md',
        text: (task) => (task.error === null ? '' : taskErrorText(language, task.error)),
        cell: (task) => {
          if (task.error !== null) return <span title={task.error.message}>{taskErrorText(language, task.error)}</span>;
          if (task.progress !== null && task.state === 'running')
            return <progress max={1} value={task.progress} aria-label={t('tasks.progress')} />;
          return <Dash />;
        },
      },
      {
        id: 'by',
        header: t('tasks.by'),
        width: 80,
        from: 'md',
        text: (task) => task.createdBy,
        cell: (task) => actorText(t, task.createdBy),
      },
      {
        id: 'created',
        header: t('tasks.created'),
        width: 100,
        text: (task) => task.createdAt,
        cell: (task) => <RelativeTime at={task.createdAt} />,
      },
      {
        id: 'took',
        header: t('tasks.took'),
        width: 80,
        numeric: true,
        from: 'md',
        text: (task) => String(tookMs(task) ?? ''),
        sort: (task) => tookMs(task) ?? 0,
        cell: (task) => {
          const ms = tookMs(task);
          return ms === undefined ? <Dash /> : format.duration(ms);
        },
      },
    ];
  }, [t, language, format, vms, hosts]);
}
