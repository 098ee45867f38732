import type { AssertionEnd } from '@hypervigil/model';
import { Checkbox } from '@patternfly/react-core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { linesOf } from '../../ui/lines.ts';
import { SideEditor } from '../policy/SideEditor.tsx';

/** A side while it is edited: its blocks are still text. */
export interface EndDraft extends Omit<AssertionEnd, 'cidrs'> {
  readonly cidrs: string;
}
export const endDraft = (end: AssertionEnd | undefined): EndDraft => ({
  vmIds: end?.vmIds ?? [],
  groupIds: end?.groupIds ?? [],
  tenantIds: end?.tenantIds ?? [],
  outside: end?.outside ?? false,
  cidrs: (end?.cidrs ?? []).join('\n'),
});
export const endOf = (draft: EndDraft): AssertionEnd => ({ ...draft, cidrs: [...linesOf(draft.cidrs)] });

interface Props {
  readonly legend: string;
  readonly end: EndDraft;
  readonly onChange: (end: EndDraft) => void;
  readonly problem: (field: keyof EndDraft) => string | undefined;
}

/** One side of an assertion: groups, tenants, VMs, blocks, the outside; nothing of it is anyone. */
export function EndEditor({ legend, end, onChange, problem }: Props) {
  const { t } = useTranslation();
  const outside = useId();
  const parts = [
    { part: 'groupIds', label: t('policy.groupsField'), choices: useCollection('groups').items },
    { part: 'tenantIds', label: t('policy.tenantsField'), choices: useCollection('tenants').items },
    { part: 'vmIds', label: t('assertions.vmsField'), choices: useCollection('vms').items },
  ] as const;
  return (
    <SideEditor legend={legend} parts={parts} side={end} onChange={onChange} problem={problem}>
      <Checkbox
        id={outside}
        label={t('assertions.outsideField')}
        isChecked={end.outside}
        onChange={(_, checked) => onChange({ ...end, outside: checked })}
      />
    </SideEditor>
  );
}
