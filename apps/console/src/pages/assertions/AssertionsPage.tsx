import type { CheckedAssertion } from '@hypervigil/contract';
import { writeService } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { AssertionIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { ServiceChips } from '../policy/ServiceChips.tsx';
import { AssertionDialog } from './AssertionDialog.tsx';
import { AssertionPanel } from './AssertionPanel.tsx';
import { AssertionStateLabel, shownState } from './AssertionStateLabel.tsx';
import { useEndText } from './end-text.ts';

const nameOf = (assertion: CheckedAssertion) => assertion.name;
const textOf = (a: CheckedAssertion) => [a.name, a.owner, a.comment];

/** What must be true of the policy, and is it? */
export function AssertionsPage() {
  const { t } = useTranslation();
  const assertions = useCollection('assertions');
  const endText = useEndText();
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<CheckedAssertion>();
  const [removing, setRemoving] = useState<CheckedAssertion>();
  const plain = (id: string, header: string, width: number, text: (a: CheckedAssertion) => string) => ({
    id,
    header,
    width,
    text,
    cell: text,
  });
  const columns: readonly Column<CheckedAssertion>[] = [
    plain('name', t('common.name'), 200, nameOf),
    {
      id: 'state',
      header: t('assertions.state'),
      width: 150,
      text: (a) => t(`assertions.states.${shownState(a)}`),
      cell: (a) => <AssertionStateLabel assertion={a} />,
    },
    plain('from', t('assertions.from'), 150, (a) => endText(a.from)),
    plain('kind', t('assertions.kind'), 130, (a) => t(`assertions.kinds.${a.kind}`)),
    plain('to', t('assertions.to'), 150, (a) => endText(a.to)),
    {
      id: 'services',
      header: t('policy.services'),
      width: 130,
      text: (a) => a.services.map(({ protocol }) => protocol).join(' '),
      cell: (a) =>
        a.services.length === 0 ? t('policy.allServices') : <ServiceChips services={a.services.map(writeService)} />,
    },
    { ...plain('owner', t('assertions.owner'), 130, (a) => a.owner), from: 'lg' },
  ];
  const create = (
    <MayButton permission="assertion:write" onClick={() => patch({ do: 'create' })}>
      {t('assertions.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="assertions"
      name="assertions"
      icon={AssertionIcon}
      list={assertions}
      columns={columns}
      textOf={textOf}
      create={create}
      panel={(open) => (
        <AssertionPanel assertion={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />
      )}
      removing={removing}
      remove={({ id }) => platform.deleteAssertion({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <UrlDialog asked="create" permission="assertion:write">
        {(close) => <AssertionDialog assertion={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && <AssertionDialog assertion={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
