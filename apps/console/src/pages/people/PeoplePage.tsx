import type { AccountWithPassword } from '@hypervigil/contract';
import { type Account, isWhole } from '@hypervigil/model';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { AllowIcon, OffIcon, PeopleIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { Status } from '../../ui/labels.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useToasts } from '../../ui/toast.tsx';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';
import { useNarrowed, useTenantFilters } from '../../ui/use-narrowed.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { AccountDialog } from './AccountDialog.tsx';
import { ApprovalsDialog } from './ApprovalsDialog.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';
import { ScopeDialog } from './ScopeDialog.tsx';

const idOf = ({ id }: Account) => id;
const nameOf = ({ name }: Account) => name;
const textOf = ({ name }: Account) => [name];

function scopeText(t: TFunction, { duty, scope }: Account): string {
  if (duty !== 'tenant-member') return '';
  return isWhole(scope)
    ? t('people.wholeTenant')
    : t('people.parts', { groups: scope.groupIds.length, networks: scope.networkIds.length });
}

/** Who can sign in, what for and for whom. */
export function PeoplePage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toasts = useToasts();
  const accounts = useCollection('accounts');
  const common = useCommonColumns();
  const [, patch] = useUrl();
  const [made, setMade] = useState<AccountWithPassword>();
  const [scoping, setScoping] = useState<Account>();
  const changed = () => client.invalidateQueries({ queryKey: ['accounts'] });
  const { mutate: setDisabled } = useMutation({
    mutationFn: ({ id, disabled }: Pick<Account, 'id' | 'disabled'>) =>
      platform.updateAccount({ params: { id }, body: { disabled } }),
    onSuccess: changed,
    onError: (error) => toasts.failed(error),
  });
  const { mutate: reset } = useMutation({
    mutationFn: ({ id }: Account) => platform.resetPassword({ params: { id } }),
    onSuccess: (account) => {
      setMade(account);
      return changed();
    },
    onError: (error) => toasts.failed(error),
  });
  const columns = useMemo<readonly Column<Account>[]>(
    () => [
      common.name(160),
      common.text('duty', { header: t('people.duty'), width: 200 }, ({ duty }) => t(`people.duties.${duty}`)),
      common.owner({ header: t('people.of'), width: 160 }, t('people.provider')),
      common.text('scope', { header: t('people.scope'), width: 160, from: 'md' }, (account) => scopeText(t, account)),
      {
        id: 'state',
        header: t('people.state'),
        width: 140,
        text: ({ disabled }) => t(disabled ? 'people.disabled' : 'people.active'),
        cell: ({ disabled }) => (
          <Status tone={disabled ? 'grey' : 'green'} icon={disabled ? OffIcon : AllowIcon}>
            {t(disabled ? 'people.disabled' : 'people.active')}
          </Status>
        ),
      },
      {
        id: 'last',
        header: t('people.lastSignIn'),
        width: 150,
        from: 'lg',
        text: ({ lastSignInAt }) => lastSignInAt ?? '',
        cell: ({ lastSignInAt }) => (lastSignInAt === null ? t('people.never') : <RelativeTime at={lastSignInAt} />),
      },
      common.actions((account) => (
        <ActionMenu
          permission="account:write"
          subject={account}
          label={`${t('common.actions')}: ${account.name}`}
          actions={[
            {
              label: t('people.editScope'),
              onSelect: () => setScoping(account),
              disabledReason: account.duty === 'tenant-member' ? undefined : t('people.noScope'),
            },
            { label: t('people.reset'), onSelect: () => reset(account) },
            {
              label: t(account.disabled ? 'people.enable' : 'people.disable'),
              danger: !account.disabled,
              onSelect: () => setDisabled({ id: account.id, disabled: !account.disabled }),
            },
          ]}
        />
      )),
    ],
    [t, common, reset, setDisabled],
  );
  const create = (
    <MayButton permission="account:write" onClick={() => patch({ do: 'create' })}>
      {t('people.create')}
    </MayButton>
  );
  const narrowed = useNarrowed(accounts.items, textOf, useTenantFilters());
  return (
    <PageFrame
      fill
      title={t('people.title')}
      subtitle={t('people.question')}
      actions={
        <>
          <MayButton permission="policy:govern" variant="secondary" onClick={() => patch({ do: 'approvals' })}>
            {t('approvals.set')}
          </MayButton>
          {create}
        </>
      }
    >
      <ListFrame
        {...accounts}
        empty={
          accounts.items.length === 0 && (
            <EmptyTeach icon={PeopleIcon} title={t('people.empty')} help={t('people.emptyHelp')} action={create} />
          )
        }
      >
        <EntityTable
          name="people"
          label={t('people.title')}
          columns={columns}
          {...narrowed}
          rowId={idOf}
          rowName={nameOf}
          defaultOrder="name"
        />
      </ListFrame>
      <UrlDialog asked="create" permission="account:write">
        {(close) => (
          <AccountDialog
            onClose={close}
            onMade={(account) => {
              close();
              setMade(account);
            }}
          />
        )}
      </UrlDialog>
      <UrlDialog asked="approvals" permission="policy:govern">
        {(close) => <ApprovalsDialog onClose={close} />}
      </UrlDialog>
      {scoping !== undefined && <ScopeDialog account={scoping} onClose={() => setScoping(undefined)} />}
      {made !== undefined && <PasswordDialog account={made} onClose={() => setMade(undefined)} />}
    </PageFrame>
  );
}
