import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import type { GroupSummary } from '../../data/collections.ts';
import { groupMembers } from '../../data/group-members.ts';
import { useCollection } from '../../data/queries.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { Field } from '../../ui/Field.tsx';
import { LinesField, TenantField, TextField } from '../../ui/fields.tsx';
import { parseTags, writeTags } from '../../ui/lines.ts';
import { PickList } from '../../ui/PickList.tsx';
import { useToasts } from '../../ui/toast.tsx';

const FIELDS = /^(name|description|tenantId|vmIds|selector)(\.|$)/;

/** Names and selects members; the count of who would be in it follows every keystroke. */
export function GroupDialog({
  group,
  onClose,
}: {
  readonly group: GroupSummary | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const vms = useCollection('vms');
  const [name, setName] = useState(group?.name ?? '');
  const [description, setDescription] = useState(group?.description ?? '');
  const [tenantId, setTenantId] = useState(group?.tenantId ?? '');
  const [vmIds, setVmIds] = useState<readonly string[]>(group?.vmIds ?? []);
  const [selector, setSelector] = useState(writeTags(group?.selector ?? {}));
  const parsed = parseTags(selector);
  const tags = 'tags' in parsed ? parsed.tags : {};
  const members = groupMembers(
    { vmIds: [...vmIds], selector: tags, tenantId: tenantId === '' ? null : tenantId },
    vms.items,
  ).length;
  const body = () => ({
    name,
    description,
    tenantId: tenantId === '' ? null : tenantId,
    vmIds: [...vmIds],
    selector: tags,
  });
  const save = useSave(
    'groups',
    () =>
      group === undefined
        ? platform.createGroup({ body: body() })
        : platform.updateGroup({ params: { id: group.id }, body: { ...body(), revision: group.revision } }),
    (saved) => {
      toasts.done(t('groups.saved', { name: saved.name }));
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  const choices = useMemo(
    () =>
      vms.items.filter((vm) => tenantId === '' || vm.tenantId === tenantId).map((vm) => ({ id: vm.id, name: vm.name })),
    [vms.items, tenantId],
  );
  return (
    <Dialog
      wide
      title={group === undefined ? t('groups.createTitle') : t('groups.editTitle', { name: group.name })}
      submit={group === undefined ? t('common.create') : t('common.save')}
      busy={save.isPending}
      canSubmit={name.trim() !== '' && 'tags' in parsed}
      error={save.error}
      shownFields={(field) => FIELDS.test(field)}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <TextField label={t('common.name')} problem={problem('name')} required value={name} onChange={setName} />
      <TextField
        label={t('common.description')}
        problem={problem('description')}
        value={description}
        onChange={setDescription}
      />
      <TenantField
        label={t('groups.tenant')}
        help={t('groups.tenantHelp')}
        problem={problem('tenantId')}
        none={t('groups.anyTenant')}
        value={tenantId}
        onChange={setTenantId}
      />
      <LinesField
        label={t('groups.selector')}
        help={t('groups.selectorHelp')}
        problem={'badLine' in parsed ? t('vms.tagsBad', { line: parsed.badLine }) : problem('selector')}
        rows={2}
        value={selector}
        onChange={setSelector}
      />
      <Field label={t('groups.named')} problem={problem('vmIds')}>
        {(input) => (
          <PickList
            {...input}
            placeholder={t('groups.addMember')}
            choices={choices}
            chosen={vmIds}
            onChange={setVmIds}
          />
        )}
      </Field>
      <p className="hv-preview" role="status">
        {t('groups.preview', { count: members })}
      </p>
    </Dialog>
  );
}
