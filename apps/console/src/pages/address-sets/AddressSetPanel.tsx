import type { AddressSet, ThreatSet } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { useDenial } from '../../data/rights.ts';
import { useSave } from '../../data/use-save.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { FileButton } from '../../ui/FileButton.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { ReasonButton } from '../../ui/ReasonButton.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { NamedBy } from '../policy/NamedBy.tsx';
import { EntryList } from './EntryList.tsx';
import { ThreatState } from './ThreatState.tsx';

interface Props {
  readonly set: AddressSet;
  /** The same, where a feed fills it. */
  readonly threat: ThreatSet | undefined;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** Which addresses are in the set, where they come from, and which rules speak of it. */
export function AddressSetPanel({ set, threat, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const tenants = useCollection('tenants').byId;
  return (
    <>
      <PanelHead
        description={set.description}
        permission="address-set:write"
        subject={set}
        onEdit={onEdit}
        onRemove={onRemove}
      >
        {threat !== undefined && <RefreshButton set={threat} />}
      </PanelHead>
      <Facts
        narrow
        facts={[
          {
            name: t('addressSets.tenant'),
            value:
              set.tenantId === null ? t('addressSets.everybody') : <TenantTag tenant={tenants.get(set.tenantId)} />,
          },
          {
            name: t('addressSets.blocks'),
            value: t('addressSets.blocksOf', {
              ipv4: format.count(set.blocks.ipv4),
              ipv6: format.count(set.blocks.ipv6),
            }),
          },
          { name: t('addressSets.changed'), value: <RelativeTime at={set.changedAt} /> },
        ]}
      />
      {threat !== undefined && <ThreatState set={threat} />}
      <NamedBy names={({ from, to }) => [...from.addressSetIds, ...to.addressSetIds].includes(set.id)} />
      <EntryList set={set} of="entries" />
      {set.excluded > 0 && <EntryList set={set} of="excluded" />}
    </>
  );
}

/** Asks the source now, or takes the file that people bring. */
function RefreshButton({ set }: { readonly set: ThreatSet }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const denied = useDenial('address-set:write', set);
  const refresh = useSave(
    'threatSets',
    (file: { fileName: string; content: string } | undefined) =>
      file === undefined
        ? platform.refreshThreatSet({ params: { id: set.id } })
        : platform.uploadThreatSet({ params: { id: set.id }, body: file }),
    ({ name, entries, state }) => {
      if (state.problem === null) toasts.done(t('addressSets.refreshed', { name, count: entries }));
    },
  );
  return (
    <>
      {set.feed.url === null ? (
        <FileButton
          busy={refresh.isPending}
          disabledReason={denied}
          onFile={(fileName, content) => refresh.mutate({ fileName, content })}
        >
          {t('addressSets.upload')}
        </FileButton>
      ) : (
        <ReasonButton
          variant="secondary"
          isLoading={refresh.isPending}
          disabledReason={denied}
          onClick={() => refresh.isPending || refresh.mutate(undefined)}
        >
          {t('addressSets.refresh')}
        </ReasonButton>
      )}
      {refresh.error !== null && <ErrorPanel error={refresh.error} />}
    </>
  );
}
