import { languageOf, problemText } from '@hypervigil/contract';
import { type ParsedSelector, parseSelector, selects } from '@hypervigil/model';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import type { GroupSummary } from '../../data/collections.ts';
import { around, groupMembers, readGroups } from '../../data/group-members.ts';
import { useCollection } from '../../data/queries.ts';
import { useOwnTenant } from '../../data/rights.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';
import { TenantField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { PickList } from '../../ui/PickList.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';
import { SelectorField } from './SelectorField.tsx';

const FIELDS = /^(name|description|tenantId|vmIds|selector|networkIds|tenantIds|groupIds)(\.|$)/;

/** What a group that is not there yet is called meanwhile. */
const NEW = 'new';

/** Names and selects members; the count of who would be in it follows every keystroke. */
export function GroupDialog({
  group,
  onClose,
}: {
  readonly group: GroupSummary | undefined;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const vms = useCollection('vms').items;
  const networks = useCollection('networks').items;
  const tenants = useCollection('tenants').items;
  const groups = useCollection('groups').items;
  const naming = useNaming(group);
  const own = useOwnTenant();
  const [tenantId, setTenantId] = useState(group?.tenantId ?? own ?? '');
  const [selector, setSelector] = useState(group?.selector ?? '');
  const [vmIds, setVmIds] = useState<readonly string[]>(group?.vmIds ?? []);
  const [networkIds, setNetworkIds] = useState<readonly string[]>(group?.networkIds ?? []);
  const [tenantIds, setTenantIds] = useState<readonly string[]>(group?.tenantIds ?? []);
  const [groupIds, setGroupIds] = useState<readonly string[]>(group?.groupIds ?? []);
  const parsed = useMemo(() => parseSelector(selector), [selector]);
  const body = () => ({
    ...naming.values,
    tenantId: tenantId === '' ? null : tenantId,
    selector,
    vmIds: [...vmIds],
    networkIds: [...networkIds],
    tenantIds: [...tenantIds],
    groupIds: [...groupIds],
  });
  const read = useMemo(() => readGroups(groups), [groups]);
  const id = group?.id ?? NEW;
  const draft = { ...body(), id, selector: 'selector' in parsed ? parsed.selector : null };
  const members = groupMembers(new Map([...read, [id, draft]]), id, vms).length;
  const ofTenant = <T extends { readonly tenantId: string | null }>({ tenantId: owner }: T) =>
    tenantId === '' || owner === tenantId;
  const { problem, dialog } = useEditor({
    words: 'groups',
    editing: group,
    fields: FIELDS,
    save: () =>
      group === undefined
        ? platform.createGroup({ body: body() })
        : platform.updateGroup({ params: { id: group.id }, body: { ...body(), revision: group.revision } }),
    onClose,
  });
  const found = useMemo(() => {
    const one = 'selector' in parsed ? parsed.selector : null;
    return one === null ? 0 : vms.filter((vm) => selects(one, vm.tags)).length;
  }, [parsed, vms]);
  const mistake = 'mistake' in parsed ? parsed.mistake : undefined;
  const outer = useMemo(() => around(read, id), [read, id]);
  const lists = [
    { field: 'vmIds', choices: vms.filter(ofTenant), chosen: vmIds, onChange: setVmIds },
    { field: 'networkIds', choices: networks, chosen: networkIds, onChange: setNetworkIds },
    {
      field: 'tenantIds',
      choices: tenants.filter((tenant) => tenantId === '' || tenant.id === tenantId),
      chosen: tenantIds,
      onChange: setTenantIds,
    },
    {
      field: 'groupIds',
      choices: groups.filter((one) => !outer.has(one.id) && (one.tenantId === null || ofTenant(one))),
      chosen: groupIds,
      onChange: setGroupIds,
    },
  ] as const;
  return (
    <Dialog wide {...dialog} canSubmit={naming.isNamed && mistake === undefined}>
      <NamingFields naming={naming} problem={problem} />
      <TenantField
        label={t('groups.tenant')}
        help={t('groups.tenantHelp')}
        problem={problem('tenantId')}
        none={t('groups.anyTenant')}
        value={tenantId}
        onChange={setTenantId}
      />
      <SelectorField
        value={selector}
        problem={
          mistake === undefined
            ? problem('selector')
            : problemText(languageOf(i18n.language), { ...mistake, message: '' })
        }
        mistakeAt={placeOf(parsed)}
        found={found}
        onChange={setSelector}
      />
      {lists.map(({ field, choices, chosen, onChange }) => (
        <Field key={field} label={t(`groups.parts.${field}`)} problem={problem(field)}>
          {(input) => (
            <PickList
              {...input}
              placeholder={t(`groups.add.${field}`)}
              choices={choices}
              chosen={chosen}
              onChange={onChange}
            />
          )}
        </Field>
      ))}
      <p className="hv-preview" role="status">
        {t('groups.preview', { count: members })}
      </p>
    </Dialog>
  );
}

function placeOf(parsed: ParsedSelector): number | undefined {
  if (!('mistake' in parsed) || parsed.mistake.code === 'too-long') return undefined;
  return parsed.mistake.params.at;
}
