import type { GatewayGroup } from '@hypervigil/model';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { GatewayIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { GatewayGroupDialog } from './GatewayGroupDialog.tsx';
import { GatewayGroupPanel } from './GatewayGroupPanel.tsx';
import { useGatewayColumns } from './gateway-columns.tsx';
import { ofGroup } from './gateway-state.ts';

export function GatewaysPage() {
  const { t } = useTranslation();
  const groups = useCollection('gatewayGroups');
  const gateways = useCollection('gateways').items;
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<GatewayGroup>();
  const [removing, setRemoving] = useState<GatewayGroup>();
  const columns = useGatewayColumns();
  const textOf = useMemo(
    () => (group: GatewayGroup) => [
      group.name,
      group.id,
      group.description,
      ...ofGroup(gateways, group.id).flatMap(({ id, hostName }) => [id, hostName]),
    ],
    [gateways],
  );
  const create = (
    <MayButton permission="gateway-group:write" onClick={() => patch({ do: 'create' })}>
      {t('gatewayGroups.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="gatewayGroups"
      name="gateway-groups"
      icon={GatewayIcon}
      list={groups}
      columns={columns}
      textOf={textOf}
      create={create}
      panel={(open) => (
        <GatewayGroupPanel group={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />
      )}
      removing={removing}
      remove={({ id }) => platform.deleteGatewayGroup({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <UrlDialog asked="create" permission="gateway-group:write">
        {(close) => <GatewayGroupDialog group={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && <GatewayGroupDialog group={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
