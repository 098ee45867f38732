import type { GatewayGroup } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { AllowIcon, WarningIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { Dash } from '../../ui/Mono.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { ofGroup, stateOf } from './gateway-state.ts';
import { useGroupCount, useGroupSize } from './use-group-size.ts';

const nameOf = ({ name }: GatewayGroup) => name;

export function useGatewayColumns(): readonly Column<GatewayGroup>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const count = useGroupCount();
  const size = useGroupSize();
  const tenants = useCollection('tenants').byId;
  const gateways = useCollection('gateways').items;
  return useMemo(() => {
    const passing = ({ id }: GatewayGroup) => {
      const all = ofGroup(gateways, id);
      return { up: all.filter((gateway) => stateOf(gateway) === 'up').length, all: all.length };
    };
    const worstLoad = ({ id }: GatewayGroup) => {
      const loads = ofGroup(gateways, id).flatMap(({ hostOnline, report }) => (hostOnline ? (report?.load ?? []) : []));
      return loads.length === 0 ? undefined : Math.max(...loads);
    };
    return [
      { id: 'name', header: t('common.name'), width: 140, text: nameOf, cell: nameOf },
      {
        id: 'passing',
        header: t('gatewayGroups.passing'),
        width: 100,
        text: (g) => t('gatewayGroups.passingOf', passing(g)),
        sort: (g) => passing(g).up - passing(g).all,
        cell: (g) => {
          const { up, all } = passing(g);
          const look =
            up === all
              ? ({ tone: 'green', icon: AllowIcon } as const)
              : ({ tone: 'orange', icon: WarningIcon } as const);
          return all === 0 ? <Dash /> : <Status {...look}>{t('gatewayGroups.passingOf', { up, all })}</Status>;
        },
      },
      {
        id: 'load',
        header: t('gatewayGroups.worst'),
        width: 124,
        numeric: true,
        text: (g) => String(worstLoad(g) ?? ''),
        sort: (g) => worstLoad(g) ?? -1,
        cell: (g) => {
          const load = worstLoad(g);
          return load === undefined ? <Dash /> : format.decimal(load);
        },
      },
      {
        id: 'perHost',
        header: t('gatewayGroups.perHost'),
        width: 124,
        numeric: true,
        from: 'lg',
        text: count,
        sort: (g) => g.perHost,
        cell: count,
      },
      { id: 'size', header: t('gatewayGroups.size'), width: 160, from: 'md', text: size, cell: size },
      {
        id: 'tenant',
        header: t('gatewayGroups.tenant'),
        width: 130,
        from: 'md',
        text: (g) => tenants.get(g.tenantId ?? '')?.name ?? '',
        cell: (g) =>
          g.tenantId === null ? (
            <span className="hv-muted">{t('gatewayGroups.everybody')}</span>
          ) : (
            <TenantTag tenant={tenants.get(g.tenantId)} />
          ),
      },
      {
        id: 'changed',
        header: t('gatewayGroups.changed'),
        width: 110,
        from: 'xl',
        text: (g) => g.changedAt,
        cell: (g) => <RelativeTime at={g.changedAt} />,
      },
    ];
  }, [t, format, count, size, tenants, gateways]);
}
