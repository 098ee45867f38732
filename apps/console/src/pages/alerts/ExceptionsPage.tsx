import type { AlertException } from '@hypervigil/model';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { AlertIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { RemoveDialog } from '../../ui/RemoveDialog.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useNarrowed, useTenantFilters } from '../../ui/use-narrowed.tsx';
import { AlertVm } from './AlertVm.tsx';
import { useAlertText } from './use-alert-text.ts';

const idOf = ({ id }: AlertException) => id;

/** What is expected of VMs, who said so, until when, and what it has kept from being told. */
export function ExceptionsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const alertText = useAlertText();
  const common = useCommonColumns();
  const exceptions = useCollection('alertExceptions');
  const [removing, setRemoving] = useState<AlertException>();
  const nameOf = useMemo(
    () => (one: AlertException) => t('alerts.named', { what: alertText.title(one.code), vm: one.vmName }),
    [t, alertText],
  );
  const columns = useMemo<readonly Column<AlertException>[]>(() => {
    const towards = ({ extent, peers }: AlertException) =>
      extent === 'any' ? t('alerts.exceptions.extents.any') : peers.join(', ') || t('alerts.exceptions.extents.same');
    return [
      common.text('what', { header: t('alerts.what'), width: 150 }, ({ code }) => alertText.title(code)),
      {
        ...{ id: 'vm', header: t('alerts.vm'), width: 110 },
        text: ({ vmName }) => vmName,
        cell: (one) => <AlertVm alert={one} />,
      },
      common.text('towards', { header: t('alerts.exceptions.towards'), width: 150, from: 'md' }, towards),
      common.text('owner', { header: t('alerts.exceptions.owner'), width: 110, from: 'md' }, ({ owner }) => owner),
      common.text('reason', { header: t('alerts.exceptions.reason'), width: 170, from: 'lg' }, ({ reason }) => reason),
      {
        ...{ id: 'swallowed', header: t('alerts.exceptions.swallowed'), width: 100, numeric: true },
        text: ({ swallowed }) => String(swallowed),
        sort: ({ swallowed }) => swallowed,
        cell: ({ swallowed, swallowedAt }) => (
          <span title={swallowedAt === null ? undefined : format.instant(swallowedAt)}>{format.count(swallowed)}</span>
        ),
      },
      {
        ...{ id: 'ends', header: t('alerts.exceptions.ends'), width: 110 },
        text: ({ expiresAt }) => expiresAt,
        cell: ({ expiresAt }) => <RelativeTime at={expiresAt} />,
      },
      common.actions((one) => (
        <ActionMenu
          inGrid
          label={`${t('common.actions')}: ${nameOf(one)}`}
          permission="alert:write"
          subject={one}
          actions={[{ label: t('common.delete'), danger: true, onSelect: () => setRemoving(one) }]}
        />
      )),
    ];
  }, [t, format, alertText, common, nameOf]);
  const filters = useTenantFilters();
  const textOf = useCallback((one: AlertException) => [nameOf(one), one.owner, one.reason, ...one.peers], [nameOf]);
  const narrowed = useNarrowed(exceptions.items, textOf, filters);
  return (
    <PageFrame
      fill
      title={t('alerts.exceptions.title')}
      subtitle={t('alerts.exceptions.question')}
      parent={{ to: '/alerts', label: t('alerts.title') }}
    >
      <ListFrame
        {...exceptions}
        empty={
          exceptions.items.length === 0 && (
            <EmptyTeach icon={AlertIcon} title={t('alerts.exceptions.empty')} help={t('alerts.exceptions.emptyHelp')} />
          )
        }
      >
        <EntityTable
          name="alert-exceptions"
          label={t('alerts.exceptions.title')}
          columns={columns}
          {...narrowed}
          rowId={idOf}
          rowName={nameOf}
          defaultOrder="ends"
        />
      </ListFrame>
      {removing !== undefined && (
        <RemoveDialog
          collection="alertExceptions"
          title={t('alerts.exceptions.deleteTitle', { name: nameOf(removing) })}
          help={t('alerts.exceptions.deleteHelp')}
          done={t('alerts.exceptions.deleted')}
          remove={() => platform.deleteAlertException({ params: { id: removing.id } })}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </PageFrame>
  );
}
