import { isForEveryone, LIMIT_VALUES, type Limit } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { limitDropsOptions, useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { LimitIcon, WarningIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { Dash } from '../../ui/Mono.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { LimitDialog } from './LimitDialog.tsx';
import { LimitPanel } from './LimitPanel.tsx';
import { NetworkDrops } from './NetworkDrops.tsx';
import { RuleLimits } from './RuleLimits.tsx';
import { useLimitNumber, useLimitText } from './use-limit-text.ts';

const nameOf = (limit: Limit) => limit.name;

/** What vNICs may have at most, and who is over it now. */
export function LimitsPage() {
  const { t } = useTranslation();
  const limits = useCollection('limits');
  const groups = useCollection('groups').byId;
  const vms = useCollection('vms').byId;
  const networks = useCollection('networks').byId;
  const tenants = useCollection('tenants').byId;
  const drops = useQuery(limitDropsOptions).data;
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<Limit>();
  const [removing, setRemoving] = useState<Limit>();
  const valueText = useLimitText();
  const numberOf = useLimitNumber();
  const namesOf = useMemo(
    () => (limit: Limit) =>
      [
        ...limit.groupIds.map((id) => groups.get(id)),
        ...limit.vmIds.map((id) => vms.get(id)),
        ...limit.networkIds.map((id) => networks.get(id)),
        ...limit.tenantIds.map((id) => tenants.get(id)),
      ]
        .map((one) => one?.name)
        .filter((name) => name !== undefined)
        .join(', '),
    [groups, vms, networks, tenants],
  );
  const columns = useMemo<readonly Column<Limit>[]>(() => {
    const whoOf = (limit: Limit) => (isForEveryone(limit) ? t('limits.everyone') : namesOf(limit));
    const overIt = (limit: Limit) =>
      new Set((drops ?? []).filter(({ limitId, goesOn }) => goesOn && limitId === limit.id).map(({ vmId }) => vmId))
        .size;
    return [
      { id: 'name', header: t('common.name'), width: 150, text: nameOf, cell: nameOf },
      {
        id: 'who',
        header: t('limits.who'),
        width: 160,
        text: whoOf,
        cell: (limit) => <span title={whoOf(limit)}>{whoOf(limit)}</span>,
      },
      ...LIMIT_VALUES.map(
        (kind): Column<Limit> => ({
          id: kind,
          header: t(`limits.kinds.${kind}`),
          width: 120,
          from: 'md',
          text: (limit) => valueText(limit[kind]) ?? '',
          cell: (limit) =>
            limit[kind] === null ? <Dash /> : <span title={valueText(limit[kind])}>{numberOf(limit[kind])}</span>,
        }),
      ),
      {
        id: 'over',
        header: t('limits.over'),
        width: 110,
        text: (limit) => String(overIt(limit)),
        cell: (limit) =>
          overIt(limit) === 0 ? (
            <span className="hv-muted">{t('limits.nobody')}</span>
          ) : (
            <span className="hv-row">
              <WarningIcon /> {t('limits.overNow', { count: overIt(limit) })}
            </span>
          ),
      },
    ];
  }, [t, valueText, numberOf, namesOf, drops]);
  const create = (
    <MayButton permission="limit:write" onClick={() => patch({ do: 'create' })}>
      {t('limits.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="limits"
      name="limits"
      icon={LimitIcon}
      list={limits}
      columns={columns}
      textOf={(limit) => [limit.name, limit.id, limit.description, namesOf(limit)]}
      create={create}
      panel={(open) => <LimitPanel limit={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />}
      removing={removing}
      remove={({ id }) => platform.deleteLimit({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <NetworkDrops />
      <RuleLimits />
      <UrlDialog asked="create" permission="limit:write">
        {(close) => <LimitDialog limit={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && <LimitDialog limit={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
