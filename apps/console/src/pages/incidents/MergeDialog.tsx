import type { Incident } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useIncidentNames } from './use-incident-name.ts';

/** Asks which incident belongs to this one. */
export function MergeDialog({ incident, onClose }: { readonly incident: Incident; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const format = useFormat();
  const names = useIncidentNames();
  const others = useCollection('incidents').items.filter(({ id }) => id !== incident.id);
  const [chosen, setChosen] = useState<string>();
  const other = chosen ?? others[0]?.id;
  const save = useSave(
    'incidents',
    (incidentId: string) => platform.mergeIncident({ params: { id: incident.id }, body: { incidentId } }),
    () => {
      toasts.done(t('incidents.merged'));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={t('incidents.mergeTitle')}
      help={t('incidents.mergeHelp')}
      submit={t('incidents.merge')}
      busy={save.isPending}
      canSubmit={other !== undefined}
      error={save.error}
      shownFields={(field) => field === 'incidentId'}
      onClose={onClose}
      onSubmit={() => other !== undefined && save.mutate(other)}
    >
      <SelectField
        label={t('incidents.other')}
        help={other === undefined ? t('incidents.noOther') : undefined}
        problem={problem('incidentId')}
        value={other ?? ''}
        options={others.map((one) => ({ value: one.id, label: `${names.of(one)} · ${format.instant(one.lastAt)}` }))}
        onChange={setChosen}
      />
    </Dialog>
  );
}
