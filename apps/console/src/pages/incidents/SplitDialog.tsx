import type { IncidentDetail } from '@hypervigil/contract';
import { Checkbox } from '@patternfly/react-core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useAlertText } from '../alerts/use-alert-text.ts';

interface Props {
  readonly incident: IncidentDetail;
  readonly onClose: () => void;
}

/** Asks which alerts are something else, and goes to the incident that they become. */
export function SplitDialog({ incident, onClose }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const alertText = useAlertText();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const choose = (id: string, isChosen: boolean) =>
    setChosen(new Set(isChosen ? [...chosen, id] : [...chosen].filter((one) => one !== id)));
  const save = useSave(
    'incidents',
    () => platform.splitIncident({ params: { id: incident.id }, body: { alertIds: [...chosen] } }),
    ({ id }) => {
      toasts.done(t('incidents.splitDone'));
      onClose();
      void navigate({ to: '/incidents/$id', params: { id } });
    },
  );
  return (
    <Dialog
      title={t('incidents.splitTitle')}
      help={t('incidents.splitHelp')}
      submit={t('incidents.split')}
      busy={save.isPending}
      canSubmit={chosen.size > 0 && chosen.size < incident.alerts}
      error={save.error}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      {incident.members.map(({ alert: { id, code, vmName } }) => (
        <Checkbox
          key={id}
          id={`split-${id}`}
          label={t('alerts.named', { what: alertText.title(code), vm: vmName })}
          isChecked={chosen.has(id)}
          onChange={(_, isChecked) => choose(id, isChecked)}
        />
      ))}
    </Dialog>
  );
}
