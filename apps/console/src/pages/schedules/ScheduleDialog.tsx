import type { ScheduleNow } from '@hypervigil/contract';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';
import { OFFICE_HOURS, WindowsEditor, windowDrafts, windowOf } from './WindowsEditor.tsx';

const FIELDS = /^(name|description|zone|windows|startsOn|endsOn)(\.|$)/;
const ZONES = Intl.supportedValuesOf('timeZone');
const zoneOfReader = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;
const orNull = (date: string) => (date === '' ? null : date);

/** The hours of a place, beside the week that they make. */
export function ScheduleDialog({
  schedule,
  onClose,
}: {
  readonly schedule: ScheduleNow | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const zones = useId();
  const naming = useNaming(schedule);
  const [zone, setZone] = useState(() => schedule?.zone ?? zoneOfReader());
  const [drafts, setDrafts] = useState(() => windowDrafts(schedule?.windows ?? [OFFICE_HOURS]));
  const [startsOn, setStartsOn] = useState(schedule?.startsOn ?? '');
  const [endsOn, setEndsOn] = useState(schedule?.endsOn ?? '');
  const windows = drafts.flatMap((draft) => windowOf(draft) ?? []);
  const body = { ...naming.values, zone, windows, startsOn: orNull(startsOn), endsOn: orNull(endsOn) };
  const { problem, dialog } = useEditor({
    words: 'schedules',
    editing: schedule,
    fields: FIELDS,
    save: () =>
      schedule === undefined
        ? platform.createSchedule({ body })
        : platform.updateSchedule({ params: { id: schedule.id }, body: { ...body, revision: schedule.revision } }),
    onClose,
  });
  return (
    <Dialog wide {...dialog} canSubmit={naming.isNamed && zone.trim() !== '' && windows.length === drafts.length}>
      <NamingFields naming={naming} problem={problem} />
      <TextField
        label={t('schedules.zone')}
        help={t('schedules.zoneHelp')}
        problem={problem('zone')}
        required
        list={zones}
        value={zone}
        onChange={setZone}
      />
      <datalist id={zones}>
        {ZONES.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <WindowsEditor windows={drafts} problem={(index) => problem(`windows.${index}`)} onChange={setDrafts} />
      <div className="hv-row">
        <TextField
          type="date"
          label={t('schedules.startsOn')}
          help={t('schedules.datesHelp')}
          problem={problem('startsOn')}
          value={startsOn}
          onChange={setStartsOn}
        />
        <TextField
          type="date"
          label={t('schedules.endsOn')}
          help={t('schedules.datesHelp')}
          problem={problem('endsOn')}
          value={endsOn}
          onChange={setEndsOn}
        />
      </div>
    </Dialog>
  );
}
