import type { CheckedAssertion } from '@hypervigil/contract';
import { AssertionKind } from '@hypervigil/model';
import { Checkbox } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { ServicesField, useServices } from '../../ui/ServicesField.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { EndEditor, endDraft, endOf } from './EndEditor.tsx';

const FIELDS = /^(name|owner|comment|services|(from|to)\.(vmIds|groupIds|tenantIds|cidrs))(\.|$)/;

interface Props {
  readonly assertion: CheckedAssertion | undefined;
  readonly onClose: () => void;
}

/** What must hold between whom, on which services, and whom to ask about it. */
export function AssertionDialog({ assertion, onClose }: Props) {
  const { t } = useTranslation();
  const enabledId = useId();
  const [name, setName] = useState(assertion?.name ?? '');
  const [kind, setKind] = useState<AssertionKind>(assertion?.kind ?? 'never');
  const [from, setFrom] = useState(endDraft(assertion?.from));
  const [to, setTo] = useState(endDraft(assertion?.to));
  const services = useServices(assertion?.services ?? []);
  const [owner, setOwner] = useState(assertion?.owner ?? '');
  const [comment, setComment] = useState(assertion?.comment ?? '');
  const [enabled, setEnabled] = useState(assertion?.enabled ?? true);
  const body = () => ({
    name,
    kind,
    from: endOf(from),
    to: endOf(to),
    services: services.services,
    owner,
    comment,
    enabled,
  });
  const { problem, dialog } = useEditor({
    words: 'assertions',
    editing: assertion,
    fields: FIELDS,
    save: () =>
      assertion === undefined
        ? platform.createAssertion({ body: body() })
        : platform.updateAssertion({ params: { id: assertion.id }, body: { ...body(), revision: assertion.revision } }),
    onClose,
  });
  return (
    <Dialog wide {...dialog} canSubmit={name.trim() !== '' && services.bad === undefined}>
      <TextField label={t('common.name')} problem={problem('name')} required value={name} onChange={setName} />
      <SelectField
        label={t('assertions.kind')}
        help={t(`assertions.kindHelp.${kind}`)}
        value={kind}
        options={AssertionKind.options.map((value) => ({ value, label: t(`assertions.kinds.${value}`) }))}
        onChange={setKind}
      />
      <div className="hv-sides">
        <EndEditor
          legend={t('assertions.from')}
          end={from}
          onChange={setFrom}
          problem={(field) => problem(`from.${field}`)}
        />
        <EndEditor legend={t('assertions.to')} end={to} onChange={setTo} problem={(field) => problem(`to.${field}`)} />
      </div>
      <ServicesField draft={services} help={t('policy.servicesHelp')} problem={problem('services')} />
      <TextField
        label={t('assertions.owner')}
        help={t('assertions.ownerHelp')}
        problem={problem('owner')}
        value={owner}
        onChange={setOwner}
      />
      <TextField label={t('assertions.comment')} problem={problem('comment')} value={comment} onChange={setComment} />
      <Checkbox
        id={enabledId}
        label={t('assertions.enabled')}
        isChecked={enabled}
        onChange={(_, checked) => setEnabled(checked)}
      />
    </Dialog>
  );
}
