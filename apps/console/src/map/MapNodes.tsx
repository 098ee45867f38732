import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../data/queries.ts';
import { isUnprotected, vmProtection } from '../data/vm-view.ts';
import {
  GroupIcon,
  HostIcon,
  NetworkIcon,
  QuarantineIcon,
  ShieldIcon,
  TenantIcon,
  UnprotectedIcon,
} from '../ui/icons.tsx';
import { VM_STATE_LOOK } from '../ui/labels.tsx';
import { TenantBadge } from '../ui/TenantTag.tsx';
import type { CardNode, ContainerNode } from './elements.ts';
import { useNear } from './focus.ts';
import { useMapActions } from './map-actions.ts';
import { useContainerName } from './use-container-name.ts';

/** React Flow wants a handle at each end of an edge; ours are curves between boxes, so the handles are not seen. */
function Anchors() {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="hv-map-anchor" />
      <Handle type="source" position={Position.Right} isConnectable={false} className="hv-map-anchor" />
    </>
  );
}

const CONTAINER_ICON = { host: HostIcon, group: GroupIcon, tenant: TenantIcon, outside: NetworkIcon } as const;

export const ContainerBox = memo(({ data: { container } }: NodeProps<ContainerNode>) => {
  const { t } = useTranslation();
  const name = useContainerName()(container);
  const { toggle } = useMapActions();
  const hosts = useCollection('hosts').byId;
  const Icon = CONTAINER_ICON[container.kind];
  const offline = container.kind === 'host' && (hosts.get(container.id)?.state ?? 'online') !== 'online';
  return (
    <div
      className={`hv-map-container hv-map-container--${container.kind}${offline ? ' hv-map-container--offline' : ''}`}
    >
      <div className="hv-map-container__title">
        <Icon />
        <span>{name}</span>
        {offline && <em>{t('hosts.states.offline')}</em>}
        {container.size > 0 && (
          <span className="hv-map-container__count">{t('map.clusterVms', { count: container.size })}</span>
        )}
        {container.canClose && (
          <button type="button" className="nodrag" onClick={() => toggle(container.id)}>
            {t('map.closeCluster')}
          </button>
        )}
      </div>
    </div>
  );
});

const CUT_OFF = { icon: QuarantineIcon, tone: 'red' } as const;

export const VmCard = memo(({ data: { node }, selected }: NodeProps<CardNode>) => {
  const { t } = useTranslation();
  const { focus, tenants } = useMapActions();
  const near = useNear(focus, node.id) ? ' hv-map-near' : '';
  const vm = node.vms[0];
  if (vm === undefined) return null;
  const tenant = tenants.get(vm.tenantId ?? '');
  const { icon: State, tone } = vm.quarantine === null ? VM_STATE_LOOK[vm.state] : CUT_OFF;
  const open = isUnprotected(vm);
  const covered = vmProtection(vm) === 'enforced';
  return (
    <div
      className={`hv-map-part hv-map-vm${selected ? ' hv-map-vm--selected' : ''}${open ? ' hv-map-vm--open' : ''}${vm.state === 'running' ? '' : ' hv-map-vm--off'}${near}`}
    >
      {tenant === undefined ? (
        <span className="hv-tenant-badge hv-tenant-badge--none">?</span>
      ) : (
        <TenantBadge tenant={tenant} />
      )}
      <span className="hv-map-vm__text">
        <span className="hv-map-vm__name">{vm.name}</span>
        <span className={`hv-map-vm__state hv-tone-${tone}`}>
          <State /> {t(vm.quarantine === null ? `vms.states.${vm.state}` : 'vms.quarantined')}
        </span>
      </span>
      {covered && vm.quarantine === null && <ShieldIcon className="hv-map-vm__shield" />}
      {open && <UnprotectedIcon className="hv-map-vm__shield hv-map-vm__shield--open" />}
      <Anchors />
    </div>
  );
});

export const ClusterCard = memo(({ data: { node }, selected }: NodeProps<CardNode>) => {
  const { t } = useTranslation();
  const { toggle, focus } = useMapActions();
  const near = useNear(focus, node.id) ? ' hv-map-near' : '';
  const running = node.vms.filter((vm) => vm.state === 'running').length;
  const open = node.vms.filter(isUnprotected).length;
  return (
    <div className={`hv-map-part hv-map-cluster${selected ? ' hv-map-vm--selected' : ''}${near}`}>
      <strong>{t('map.clusterVms', { count: node.vms.length })}</strong>
      <span>{t('map.running', { count: running })}</span>
      {open > 0 && (
        <span className="hv-map-cluster__open">
          <UnprotectedIcon /> {t('map.unprotectedN', { count: open })}
        </span>
      )}
      <button type="button" className="nodrag" onClick={() => toggle(node.container)}>
        {t('map.openCluster')}
      </button>
      <Anchors />
    </div>
  );
});

export const OutsideCard = memo(({ data: { node }, selected }: NodeProps<CardNode>) => {
  const { focus } = useMapActions();
  const near = useNear(focus, node.id) ? ' hv-map-near' : '';
  return (
    <div className={`hv-map-part hv-map-outside${selected ? ' hv-map-vm--selected' : ''}${near}`}>
      <span className="hv-mono">{node.name}</span>
      <Anchors />
    </div>
  );
});
