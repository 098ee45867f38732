import { LIMIT_KINDS, type Limit } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { PickList } from '../../ui/PickList.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { badKinds, textsOf, valuesOf } from './limit-fields.ts';

const FIELDS = /^(name|description|vmIds|groupIds|bandwidthOut|bandwidthIn|newOut|newIn|open)(\.|$)/;

/** Whose limit it is, and how much of what they may have. */
export function LimitDialog({ limit, onClose }: { readonly limit: Limit | undefined; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const vms = useCollection('vms').items;
  const groups = useCollection('groups').items;
  const [name, setName] = useState(limit?.name ?? '');
  const [description, setDescription] = useState(limit?.description ?? '');
  const [who, setWho] = useState<'everyone' | 'named'>(
    limit !== undefined && limit.vmIds.length + limit.groupIds.length === 0 ? 'everyone' : 'named',
  );
  const [vmIds, setVmIds] = useState<readonly string[]>(limit?.vmIds ?? []);
  const [groupIds, setGroupIds] = useState<readonly string[]>(limit?.groupIds ?? []);
  const [texts, setTexts] = useState(textsOf(limit));
  const bad = badKinds(texts);
  const isNamed = who === 'named';
  const names = { vmIds: isNamed ? [...vmIds] : [], groupIds: isNamed ? [...groupIds] : [] };
  const { problem, dialog } = useEditor({
    words: 'limits',
    editing: limit,
    fields: FIELDS,
    save: () => {
      const body = { name, description, ...names, ...valuesOf(texts, limit) };
      return limit === undefined
        ? platform.createLimit({ body })
        : platform.updateLimit({ params: { id: limit.id }, body: { ...body, revision: limit.revision } });
    },
    onClose,
  });
  const isWhole =
    name.trim() !== '' &&
    (!isNamed || vmIds.length + groupIds.length > 0) &&
    bad.length === 0 &&
    LIMIT_KINDS.some((kind) => texts[kind].trim() !== '');
  return (
    <Dialog {...dialog} canSubmit={isWhole}>
      <NamingFields
        problem={problem}
        name={name}
        description={description}
        onName={setName}
        onDescription={setDescription}
      />
      <SelectField
        label={t('limits.who')}
        help={t('limits.whoHelp')}
        value={who}
        options={(['named', 'everyone'] as const).map((value) => ({ value, label: t(`limits.whoKinds.${value}`) }))}
        onChange={setWho}
      />
      {isNamed && (
        <>
          <Field label={t('limits.groups')} problem={problem('groupIds')}>
            {(input) => (
              <PickList
                {...input}
                placeholder={t('limits.addGroup')}
                choices={groups}
                chosen={groupIds}
                onChange={setGroupIds}
              />
            )}
          </Field>
          <Field label={t('limits.vms')} problem={problem('vmIds')}>
            {(input) => (
              <PickList {...input} placeholder={t('limits.addVm')} choices={vms} chosen={vmIds} onChange={setVmIds} />
            )}
          </Field>
        </>
      )}
      {LIMIT_KINDS.map((kind) => (
        <TextField
          key={kind}
          label={t(`limits.fields.${kind}`)}
          help={t(`limits.fieldHelp.${kind}`)}
          problem={bad.includes(kind) ? t('limits.notANumber') : problem(kind)}
          inputMode="decimal"
          value={texts[kind]}
          onChange={(text) => setTexts({ ...texts, [kind]: text })}
        />
      ))}
    </Dialog>
  );
}
