import { AlertMatch, type Playbook, type PlaybookInput, RESPONSE_ACTIONS } from '@hypervigil/model';
import { Checkbox } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';
import { AlertMatchFields } from '../alerts/AlertMatchFields.tsx';
import { LastsField } from '../responses/LastsField.tsx';

const FIELDS = /^(name|description|match|action|addressSetId|minutes|perHour|perVmHour|approvalMinutes)(\.|$)/;
const NEW = {
  ...{ enabled: false, match: AlertMatch.parse({ leastSeverity: 'high' }), action: 'quarantine', addressSetId: null },
  ...{ minutes: 60, perHour: 5, perVmHour: 1, approvalMinutes: null },
} as const satisfies Partial<Playbook>;

/** Which alerts are responded to, how, and within which limits. */
export function PlaybookDialog({
  playbook,
  onClose,
}: {
  readonly playbook: Playbook | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const naming = useNaming(playbook);
  const sets = useCollection('addressSets').items.filter(({ isFed }) => !isFed);
  const [draft, setDraft] = useState<Omit<PlaybookInput, 'name' | 'description'>>(playbook ?? NEW);
  const put = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const isBlock = draft.action === 'block-peer';
  const addressSetId = isBlock ? (draft.addressSetId ?? sets[0]?.id ?? null) : null;
  const { enabled, match, action, minutes, perHour, perVmHour, approvalMinutes } = draft;
  const { problem, dialog } = useEditor({
    words: 'playbooks',
    editing: playbook,
    fields: FIELDS,
    save: () => {
      const how = { enabled, match, action, addressSetId, minutes, perHour, perVmHour, approvalMinutes };
      const body = { ...naming.values, ...how };
      return playbook === undefined
        ? platform.createPlaybook({ body })
        : platform.updatePlaybook({ params: { id: playbook.id }, body: { ...body, revision: playbook.revision } });
    },
    onClose,
  });
  const number = (field: 'perHour' | 'perVmHour', help?: string) => (
    <TextField
      inputMode="numeric"
      label={t(`playbooks.${field}`)}
      help={help}
      problem={problem(field)}
      value={String(draft[field])}
      onChange={(text) => put({ [field]: Number(text.replace(/\D/g, '')) })}
    />
  );
  return (
    <Dialog wide {...dialog} canSubmit={naming.isNamed && (!isBlock || addressSetId !== null)}>
      <NamingFields naming={naming} problem={problem} />
      <AlertMatchFields
        match={match}
        withTenants
        problem={problem}
        onChange={(change) => put({ match: { ...match, ...change } })}
      />
      <SelectField
        label={t('responses.action')}
        problem={problem('action')}
        value={action}
        options={RESPONSE_ACTIONS.map((value) => ({ value, label: t(`responses.actions.${value}`) }))}
        onChange={(chosen) => put({ action: chosen })}
      />
      {isBlock && (
        <SelectField
          label={t('responses.set')}
          help={t(sets.length === 0 ? 'responses.noSets' : 'responses.setHelp')}
          problem={problem('addressSetId')}
          value={addressSetId ?? ''}
          options={sets.map((set) => ({ value: set.id, label: set.name }))}
          onChange={(chosen) => put({ addressSetId: chosen })}
        />
      )}
      <LastsField
        problem={problem('minutes')}
        minutes={minutes ?? 0}
        onChange={(count) => put({ minutes: count || null })}
      />
      <div className="hv-row">
        {number('perHour', t('playbooks.perHourHelp'))}
        {number('perVmHour')}
      </div>
      <LastsField
        label={t('playbooks.approval')}
        never={t('playbooks.approvalNever')}
        problem={problem('approvalMinutes')}
        minutes={approvalMinutes ?? 0}
        onChange={(count) => put({ approvalMinutes: count || null })}
      />
      <Checkbox id={id} label={t('playbooks.enabled')} isChecked={enabled} onChange={(_, on) => put({ enabled: on })} />
    </Dialog>
  );
}
