import type { Account } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { Field } from '../../ui/Field.tsx';
import { PickList } from '../../ui/PickList.tsx';

/** For which part of a tenant a member's rights are. */
export function ScopeDialog({ account, onClose }: { readonly account: Account; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const groups = useCollection('groups').items.filter(({ tenantId }) => tenantId === account.tenantId);
  const networks = useCollection('networks').items.filter(({ tenantId }) =>
    [null, account.tenantId].includes(tenantId),
  );
  const [groupIds, setGroupIds] = useState<readonly string[]>(account.scope.groupIds);
  const [networkIds, setNetworkIds] = useState<readonly string[]>(account.scope.networkIds);
  const scope = { groupIds: [...groupIds], networkIds: [...networkIds] };
  const save = useSave(
    'accounts',
    () => platform.updateAccount({ params: { id: account.id }, body: { scope } }),
    onClose,
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={t('people.scopeTitle', { name: account.name })}
      help={t('people.scopeHelp')}
      submit={t('common.save')}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <Field label={t('groups.title')} problem={problem('scope.groupIds')}>
        {(input) => (
          <PickList
            {...input}
            placeholder={t('people.pickGroups')}
            choices={groups}
            chosen={groupIds}
            onChange={setGroupIds}
          />
        )}
      </Field>
      <Field label={t('networks.title')} problem={problem('scope.networkIds')}>
        {(input) => (
          <PickList
            {...input}
            placeholder={t('people.pickNetworks')}
            choices={networks}
            chosen={networkIds}
            onChange={setNetworkIds}
          />
        )}
      </Field>
    </Dialog>
  );
}
