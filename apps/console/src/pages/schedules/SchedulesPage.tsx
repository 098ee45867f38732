import type { ScheduleNow } from '@hypervigil/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { ScheduleIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useUrl } from '../../ui/use-url.ts';
import { datesText } from './dates-text.ts';
import { HoldsLabel } from './HoldsLabel.tsx';
import { holdsAt } from './holds.ts';
import { ScheduleDialog } from './ScheduleDialog.tsx';
import { SchedulePanel } from './SchedulePanel.tsx';
import { windowsText } from './windows-text.ts';

const nameOf = (schedule: ScheduleNow) => schedule.name;
const textOf = (s: ScheduleNow) => [s.name, s.id, s.description, s.zone];

/** Which hours have a name, and do they hold now? */
export function SchedulesPage() {
  const { t } = useTranslation();
  const schedules = useCollection('schedules');
  const now = useNow();
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<ScheduleNow>();
  const [removing, setRemoving] = useState<ScheduleNow>();
  const plain = (id: string, header: string, width: number, text: (s: ScheduleNow) => string) => ({
    id,
    header,
    width,
    text,
    cell: (s: ScheduleNow) => <span title={text(s)}>{text(s)}</span>,
  });
  const columns: readonly Column<ScheduleNow>[] = [
    plain('name', t('common.name'), 150, nameOf),
    {
      id: 'now',
      header: t('schedules.now'),
      width: 110,
      text: (s) => t(holdsAt(s, now) ? 'schedules.holds' : 'schedules.holdsNot'),
      cell: (s) => <HoldsLabel schedule={s} />,
    },
    plain('windows', t('schedules.windows'), 250, (s) => windowsText(t, s.windows)),
    { ...plain('zone', t('schedules.zone'), 130, (s) => s.zone), from: 'md' },
    { ...plain('dates', t('schedules.dates'), 170, (s) => datesText(t, s)), from: 'lg' },
    { ...plain('description', t('common.description'), 200, (s) => s.description), from: 'xl' },
  ];
  const create = (
    <MayButton permission="catalogue:write" onClick={() => patch({ do: 'create' })}>
      {t('schedules.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="schedules"
      name="schedules"
      icon={ScheduleIcon}
      list={schedules}
      columns={columns}
      textOf={textOf}
      create={create}
      panel={(open) => (
        <SchedulePanel schedule={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />
      )}
      removing={removing}
      remove={({ id }) => platform.deleteSchedule({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <UrlDialog asked="create" permission="catalogue:write">
        {(close) => <ScheduleDialog schedule={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && <ScheduleDialog schedule={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
