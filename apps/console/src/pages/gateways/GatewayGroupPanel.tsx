import { type GatewayGroup, type Inspect, type InspectLink, linksOf } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { NamedBy } from '../policy/NamedBy.tsx';
import { GatewayCard } from './GatewayCard.tsx';
import { ofGroup } from './gateway-state.ts';
import { UpgradeGroupDialog } from './UpgradeGroupDialog.tsx';
import { useGroupCount, useGroupSize } from './use-group-size.ts';

interface Props {
  readonly group: GatewayGroup;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** The gateways of a group on every host, and which rules send connections through them. */
export function GatewayGroupPanel({ group, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  const count = useGroupCount();
  const size = useGroupSize();
  const tenants = useCollection('tenants').byId;
  const list = useCollection('gateways');
  const gateways = ofGroup(list.items, group.id);
  const [upgrading, setUpgrading] = useState(false);
  const old = gateways.filter(({ drift, replacedBy }) => drift.includes('image') && replacedBy === null).length;
  return (
    <>
      <PanelHead
        description={group.description}
        permission="gateway-group:write"
        subject={group}
        onEdit={onEdit}
        onRemove={onRemove}
      >
        <MayButton
          variant="secondary"
          permission="gateway-group:write"
          subject={group}
          disabledReason={old === 0 ? t('gatewayGroups.allCurrent') : undefined}
          onClick={() => setUpgrading(true)}
        >
          {t('gatewayGroups.upgrade')}
        </MayButton>
      </PanelHead>
      <Facts
        narrow
        facts={[
          {
            name: t('gatewayGroups.tenant'),
            value:
              group.tenantId === null ? (
                t('gatewayGroups.everybody')
              ) : (
                <TenantTag tenant={tenants.get(group.tenantId)} />
              ),
          },
          { name: t('gatewayGroups.perHost'), value: count(group) },
          { name: t('gatewayGroups.size'), value: size(group) },
          { name: t('gatewayGroups.detection'), value: group.detect ? t('common.on') : t('common.off') },
          { name: t('gatewayGroups.changed'), value: <RelativeTime at={group.changedAt} /> },
        ]}
      />
      <NamedBy
        names={({ inspect }) => linkTo(inspect, group) !== undefined}
        beside={({ inspect }) => {
          const link = linkTo(inspect, group);
          return link && t(`policy.onFailures.${link.onFailure}`);
        }}
      />
      <section className="hv-stack">
        <h3>{t('gatewayGroups.gateways')}</h3>
        <ListFrame
          {...list}
          empty={gateways.length === 0 && <p className="hv-muted">{t('gatewayGroups.noGateways')}</p>}
        >
          {gateways.map((gateway) => (
            <GatewayCard key={gateway.id} gateway={gateway} />
          ))}
        </ListFrame>
      </section>
      {upgrading && <UpgradeGroupDialog group={group} count={old} onClose={() => setUpgrading(false)} />}
    </>
  );
}

/** The place of a group in a rule's chain. */
const linkTo = (inspect: Inspect | undefined, group: Pick<GatewayGroup, 'id'>) =>
  inspect && linksOf<InspectLink>(inspect).find(({ groupId }) => groupId === group.id);
