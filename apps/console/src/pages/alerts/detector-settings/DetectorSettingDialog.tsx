import type { DetectorProposal } from '@hypervigil/contract';
import {
  ALERT_CODES,
  type DetectorSetting,
  type DetectorSettingInput,
  isGraded,
  SENSITIVITIES,
} from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../../data/client.ts';
import { useCollection } from '../../../data/queries.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Field } from '../../../ui/Field.tsx';
import { SelectField, TextField } from '../../../ui/fields.tsx';
import { PickList } from '../../../ui/PickList.tsx';
import { useEditor } from '../../../ui/use-editor.ts';
import { LastsField } from '../../responses/LastsField.tsx';
import { useAlertText } from '../use-alert-text.ts';
import { SettingPreview } from './SettingPreview.tsx';

const FIELDS = /^(groupId|codes|sensitivity|reason|expiresAt)(\.|$)/;
const NEW: DetectorSettingInput = { groupId: null, codes: [], sensitivity: 'off', reason: '', expiresAt: null };
const MINUTE = 60_000;

const begin = (proposal: DetectorProposal | undefined): DetectorSettingInput =>
  proposal === undefined
    ? NEW
    : { ...NEW, groupId: proposal.groupId, codes: [proposal.code], sensitivity: proposal.sensitivity };

/** What is left of a time, in minutes; 0 where it has no end. */
const minutesLeft = (expiresAt: string | null): number =>
  expiresAt === null ? 0 : Math.max(1, Math.ceil((Date.parse(expiresAt) - Date.now()) / MINUTE));

/** How sensitive which detectors are for the VMs of a group, why, and until when. */
export function DetectorSettingDialog({
  setting,
  proposal,
  onClose,
}: {
  readonly setting: DetectorSetting | undefined;
  /** What a new one begins with. */
  readonly proposal?: DetectorProposal;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const alertText = useAlertText();
  const groups = useCollection('groups');
  const [draft, setDraft] = useState<DetectorSettingInput>(() => setting ?? begin(proposal));
  const put = (change: Partial<DetectorSettingInput>) => setDraft({ ...draft, ...change });
  const [left] = useState(() => minutesLeft(draft.expiresAt));
  const [minutes, setMinutes] = useState(left);
  const { groupId, codes, sensitivity, reason } = draft;
  const nameOf = (id: string | null) =>
    (id === null ? undefined : groups.byId.get(id)?.name) ?? t('detectorSettings.everyVm');
  const { problem, dialog } = useEditor({
    words: 'detectorSettings',
    editing: setting && { name: nameOf(setting.groupId) },
    fields: FIELDS,
    save: async () => {
      const ends = minutes === 0 ? null : new Date(Date.now() + minutes * MINUTE).toISOString();
      const body = { groupId, codes, sensitivity, reason, expiresAt: minutes === left ? draft.expiresAt : ends };
      const saved = await (setting === undefined
        ? platform.createDetectorSetting({ body })
        : platform.updateDetectorSetting({
            params: { id: setting.id },
            body: { ...body, revision: setting.revision },
          }));
      return { name: nameOf(saved.groupId) };
    },
    onClose,
  });
  const isGrading = sensitivity === 'low' || sensitivity === 'high';
  const offered = ALERT_CODES.filter((code) => !isGrading || isGraded(code) || codes.includes(code));
  return (
    <Dialog wide {...dialog} canSubmit={codes.length > 0 && reason.trim() !== ''}>
      <SelectField
        label={t('detectorSettings.group')}
        help={t('detectorSettings.everyVmHelp')}
        problem={problem('groupId')}
        value={groupId ?? ''}
        options={[
          { value: '', label: t('detectorSettings.everyVm') },
          ...groups.items.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(id) => put({ groupId: id === '' ? null : id })}
      />
      <SelectField
        label={t('detectorSettings.sensitivity')}
        help={t(`detectorSettings.sensitivityHelp.${sensitivity}`)}
        problem={problem('sensitivity')}
        value={sensitivity}
        options={SENSITIVITIES.map((value) => ({ value, label: t(`detectorSettings.sensitivities.${value}`) }))}
        onChange={(value) => put({ sensitivity: value })}
      />
      <Field
        label={t('detectorSettings.codes')}
        help={t('detectorSettings.codesHelp')}
        problem={problem('codes')}
        required
      >
        {(input) => (
          <PickList
            {...input}
            placeholder=""
            choices={offered.map((code) => ({ id: code, name: alertText.title(code) }))}
            chosen={codes}
            onChange={(chosen) => put({ codes: ALERT_CODES.filter((code) => chosen.includes(code)) })}
          />
        )}
      </Field>
      <TextField
        required
        label={t('detectorSettings.reason')}
        problem={problem('reason')}
        value={reason}
        onChange={(text) => put({ reason: text })}
      />
      <LastsField
        label={t('detectorSettings.lasts')}
        never={t('detectorSettings.never')}
        problem={problem('expiresAt')}
        minutes={minutes}
        onChange={setMinutes}
      />
      <SettingPreview groupId={groupId} codes={codes} sensitivity={sensitivity} />
    </Dialog>
  );
}
