import { isForEveryone, LIMIT_VALUES, type Limit } from '@hypervigil/model';
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
import { useNaming } from '../../ui/use-naming.ts';
import { badKinds, textsOf, valuesOf } from './limit-fields.ts';

const FIELDS =
  /^(name|description|vmIds|groupIds|networkIds|tenantIds|bandwidthOut|bandwidthIn|newOut|newIn|open|networkOpen)(\.|$)/;

const NAMES = ['groupIds', 'vmIds', 'networkIds', 'tenantIds'] as const;
type Names = Pick<Limit, (typeof NAMES)[number]>;
const NOBODY: Names = { groupIds: [], vmIds: [], networkIds: [], tenantIds: [] };

/** Whose limit it is, and how much of what they may have. */
export function LimitDialog({ limit, onClose }: { readonly limit: Limit | undefined; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const choices = {
    groupIds: useCollection('groups').items,
    vmIds: useCollection('vms').items,
    networkIds: useCollection('networks').items,
    tenantIds: useCollection('tenants').items,
  };
  const naming = useNaming(limit);
  const [who, setWho] = useState<'everyone' | 'named'>(
    limit !== undefined && isForEveryone(limit) ? 'everyone' : 'named',
  );
  const [named, setNamed] = useState<Names>(limit ?? NOBODY);
  const [texts, setTexts] = useState(textsOf(limit));
  const bad = badKinds(texts);
  const isNamed = who === 'named';
  const { vmIds, groupIds, networkIds, tenantIds } = isNamed ? named : NOBODY;
  const names = { vmIds, groupIds, networkIds, tenantIds };
  const { problem, dialog } = useEditor({
    words: 'limits',
    editing: limit,
    fields: FIELDS,
    save: () => {
      const body = { ...naming.values, ...names, ...valuesOf(texts, limit) };
      return limit === undefined
        ? platform.createLimit({ body })
        : platform.updateLimit({ params: { id: limit.id }, body: { ...body, revision: limit.revision } });
    },
    onClose,
  });
  const isWhole =
    naming.isNamed &&
    (!isNamed || !isForEveryone(names)) &&
    bad.length === 0 &&
    LIMIT_VALUES.some((kind) => texts[kind].trim() !== '');
  return (
    <Dialog {...dialog} canSubmit={isWhole}>
      <NamingFields naming={naming} problem={problem} />
      <SelectField
        label={t('limits.who')}
        help={t('limits.whoHelp')}
        value={who}
        options={(['named', 'everyone'] as const).map((value) => ({ value, label: t(`limits.whoKinds.${value}`) }))}
        onChange={setWho}
      />
      {isNamed &&
        NAMES.map((field) => (
          <Field key={field} label={t(`limits.names.${field}`)} problem={problem(field)}>
            {(input) => (
              <PickList
                {...input}
                placeholder={t(`limits.add.${field}`)}
                choices={choices[field]}
                chosen={named[field]}
                onChange={(ids) => setNamed({ ...named, [field]: [...ids] })}
              />
            )}
          </Field>
        ))}
      {LIMIT_VALUES.map((kind) => (
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
