import { type Alert, RESPONSE_ACTIONS, type ResponseAction } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useAlertText } from '../alerts/use-alert-text.ts';
import { LastsField } from './LastsField.tsx';

const FIELDS = ['reason', 'ip', 'addressSetId', 'minutes'];

/** Asks what shall be done about an alert, why, and for how long. */
export function RespondDialog({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const alertText = useAlertText();
  const sets = useCollection('addressSets').items.filter(
    ({ isFed, tenantId }) => !isFed && (tenantId === null || tenantId === alert.tenantId),
  );
  const [action, setAction] = useState<ResponseAction>('quarantine');
  const [reason, setReason] = useState(alertText.title(alert.code));
  const [question, setQuestion] = useState('');
  const [ip, setIp] = useState(alert.peers[0]?.ip ?? '');
  const [chosenSet, setChosenSet] = useState<string>();
  const [minutes, setMinutes] = useState(0);
  const addressSetId = chosenSet ?? sets[0]?.id ?? '';
  const isBlock = action === 'block-peer';
  const isQuestion = action === 'ask-tenant';
  const why = isQuestion ? question : reason;
  const body = { action, reason: why, ...(minutes > 0 && { minutes }), ...(isBlock && { ip, addressSetId }) };
  const save = useSave(
    'responses',
    () => platform.respondToAlert({ params: { id: alert.id }, body }),
    () => {
      toasts.done(t(isQuestion ? 'responses.askedNow' : 'responses.done'));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      danger={!isQuestion}
      title={t('responses.respond')}
      help={t(isQuestion ? 'responses.askHelp' : 'responses.respondHelp')}
      submit={t(`responses.actions.${action}`)}
      busy={save.isPending}
      canSubmit={why.trim() !== '' && (!isBlock || (ip !== '' && addressSetId !== ''))}
      error={save.error}
      shownFields={(field) => FIELDS.includes(field)}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <SelectField
        label={t('responses.action')}
        value={action}
        options={RESPONSE_ACTIONS.map((value) => ({ value, label: t(`responses.actions.${value}`) }))}
        onChange={setAction}
      />
      {isBlock && (
        <SelectField
          label={t('responses.peer')}
          help={alert.peers.length === 0 ? t('responses.noPeers') : undefined}
          problem={problem('ip')}
          value={ip}
          options={alert.peers.map((peer) => ({ value: peer.ip, label: peer.ip }))}
          onChange={setIp}
        />
      )}
      {isBlock && (
        <SelectField
          label={t('responses.set')}
          help={t(sets.length === 0 ? 'responses.noSets' : 'responses.setHelp')}
          problem={problem('addressSetId')}
          value={addressSetId}
          options={sets.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setChosenSet}
        />
      )}
      <TextField
        key={isQuestion ? 'question' : 'reason'}
        label={t(isQuestion ? 'responses.asked' : 'responses.reason')}
        problem={problem('reason')}
        required
        value={why}
        onChange={isQuestion ? setQuestion : setReason}
      />
      <LastsField
        {...(isQuestion && { label: t('responses.withdrawn'), never: t('responses.openQuestion') })}
        problem={problem('minutes')}
        minutes={minutes}
        onChange={setMinutes}
      />
    </Dialog>
  );
}
