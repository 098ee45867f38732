import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupSummary } from '../../data/collections.ts';
import { groupMembers, readGroups } from '../../data/group-members.ts';
import { useCollection } from '../../data/queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { VmStateLabel } from '../../ui/labels.tsx';
import { Dash } from '../../ui/Mono.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { NamedBy } from '../policy/NamedBy.tsx';

const MAX_LISTED = 200;

/** Who is in the group now, and which rules speak of it. */
export function GroupSummaryPanel({
  group,
  onEdit,
  onRemove,
}: {
  readonly group: GroupSummary;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const tenants = useCollection('tenants');
  const vms = useCollection('vms').items;
  const groups = useCollection('groups');
  const networks = useCollection('networks').byId;
  const members = useMemo(() => groupMembers(readGroups(groups.items), group.id, vms), [groups.items, group.id, vms]);
  const parts = [
    { field: 'networkIds', names: group.networkIds.map((id) => networks.get(id)?.name ?? id) },
    { field: 'tenantIds', names: group.tenantIds.map((id) => tenants.byId.get(id)?.name ?? id) },
    { field: 'groupIds', names: group.groupIds.map((id) => groups.byId.get(id)?.name ?? id) },
  ] as const;
  return (
    <>
      <PanelHead
        description={group.description}
        permission="group:write"
        subject={group}
        onEdit={onEdit}
        onRemove={onRemove}
      />
      <Facts
        narrow
        facts={[
          {
            name: t('groups.tenant'),
            value:
              group.tenantId === null ? t('groups.anyTenant') : <TenantTag tenant={tenants.byId.get(group.tenantId)} />,
          },
          {
            name: t('groups.selector'),
            value: group.selector === '' ? <Dash /> : <code>{group.selector}</code>,
          },
          ...parts
            .filter(({ names }) => names.length > 0)
            .map(({ field, names }) => ({ name: t(`groups.parts.${field}`), value: names.join(', ') })),
          { name: t('groups.changed'), value: <RelativeTime at={group.changedAt} /> },
        ]}
      />
      <section>
        <h3>
          {t('groups.members')} · {t('groups.memberCount', { count: members.length })}
        </h3>
        {members.length === 0 && <p className="hv-muted">{t('groups.noMembers')}</p>}
        <ul className="hv-plain-list">
          {members.slice(0, MAX_LISTED).map((vm) => (
            <li key={vm.id}>
              <Link to="/vms/$id" params={{ id: vm.id }}>
                {vm.name}
              </Link>
              <VmStateLabel state={vm.state} />
            </li>
          ))}
        </ul>
        {members.length > MAX_LISTED && (
          <Link to="/vms">{t('common.more', { count: members.length - MAX_LISTED })}</Link>
        )}
      </section>
      <NamedBy names={({ from, to }) => [...from.groupIds, ...to.groupIds].includes(group.id)} />
    </>
  );
}
