import type { CheckedAssertion } from '@hypervigil/contract';
import { writeService } from '@hypervigil/model';
import { Button } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { DrawerLayout } from '../../ui/DrawerLayout.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { AssertionIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { RemoveDialog } from '../../ui/RemoveDialog.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useUrl } from '../../ui/use-url.ts';
import { ServiceChips } from '../policy/ServiceChips.tsx';
import { AssertionDialog } from './AssertionDialog.tsx';
import { AssertionPanel } from './AssertionPanel.tsx';
import { AssertionStateLabel, shownState } from './AssertionStateLabel.tsx';
import { useEndText } from './end-text.ts';

const idOf = (assertion: CheckedAssertion) => assertion.id;
const nameOf = (assertion: CheckedAssertion) => assertion.name;

/** What must be true of the policy, and is it? */
export function AssertionsPage() {
  const { t } = useTranslation();
  const assertions = useCollection('assertions');
  const endText = useEndText();
  const [url, patch] = useUrl();
  const [editing, setEditing] = useState<CheckedAssertion>();
  const [removing, setRemoving] = useState<CheckedAssertion>();
  const close = useCallback(() => patch({ id: undefined }), [patch]);
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
  const rows = useMemo(() => {
    const q = (url['q'] ?? '').toLowerCase();
    return assertions.items.filter((a) => [a.name, a.owner, a.comment].join('\n').toLowerCase().includes(q));
  }, [assertions.items, url]);
  const open = assertions.byId.get(url['id'] ?? '');
  const create = <Button onClick={() => patch({ do: 'create' })}>{t('assertions.create')}</Button>;
  return (
    <PageFrame
      fill
      title={t('assertions.title')}
      subtitle={t('assertions.question')}
      actions={assertions.items.length > 0 && create}
    >
      <DrawerLayout
        open={open !== undefined}
        title={open?.name}
        label={t('common.details')}
        onClose={close}
        panel={
          open !== undefined && (
            <AssertionPanel assertion={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />
          )
        }
      >
        <ListFrame
          {...assertions}
          empty={
            assertions.items.length === 0 && (
              <EmptyTeach
                icon={AssertionIcon}
                title={t('assertions.empty')}
                help={t('assertions.emptyHelp')}
                action={create}
              />
            )
          }
        >
          <EntityTable
            name="assertions"
            label={t('assertions.title')}
            columns={columns}
            rows={rows}
            total={assertions.items.length}
            rowId={idOf}
            rowName={nameOf}
            defaultOrder="name"
            activeId={url['id']}
            onActivate={(a) => patch({ id: a.id === url['id'] ? undefined : a.id })}
          />
        </ListFrame>
      </DrawerLayout>
      {url['do'] === 'create' && <AssertionDialog assertion={undefined} onClose={() => patch({ do: undefined })} />}
      {editing !== undefined && <AssertionDialog assertion={editing} onClose={() => setEditing(undefined)} />}
      {removing !== undefined && (
        <RemoveDialog
          collection="assertions"
          title={t('assertions.deleteTitle', { name: removing.name })}
          help={t('assertions.deleteHelp')}
          done={t('assertions.deleted', { name: removing.name })}
          remove={() => platform.deleteAssertion({ params: { id: removing.id } })}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </PageFrame>
  );
}
