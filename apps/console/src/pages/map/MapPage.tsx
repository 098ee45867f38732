import type { Flow } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DEFAULT_WINDOW, flowQueryOf } from '../../data/flow-filter.ts';
import { edgesOptions, useCollection } from '../../data/queries.ts';
import { MapFocus, useHoveredLink } from '../../map/focus.ts';
import { buildScene, LAYOUTS } from '../../map/scene.ts';
import { Topology, type TopologyControl } from '../../map/Topology.tsx';
import { DrawerLayout } from '../../ui/DrawerLayout.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { MapIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { SplitView } from '../../ui/SplitView.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { FlowDetail } from '../flows/FlowDetail.tsx';
import { FlowChips, FlowFilters } from '../flows/FlowFilters.tsx';
import { FlowTable } from '../flows/FlowTable.tsx';
import { VmSummary } from '../vms/VmSummary.tsx';
import { Legend } from './Legend.tsx';
import { LinkDetail } from './LinkDetail.tsx';
import { MapTools } from './MapTools.tsx';
import { narrowTo } from './selection.ts';

/** Who talks to whom, and which rule let them: the picture above, the same flows as a table below. */
export function MapPage() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const vms = useCollection('vms');
  const hosts = useCollection('hosts').items;
  const tenants = useCollection('tenants').items;
  const groups = useCollection('groups').items;
  const query = useMemo(() => flowQueryOf(url), [url]);
  const edges = useQuery(edgesOptions(query));
  const control = useRef<TopologyControl>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [flow, setFlow] = useState<Flow>();
  const [focus] = useState(() => new MapFocus());

  const layout = LAYOUTS.find((one) => one === url['layout']) ?? 'host';
  const opened = useMemo(() => new Set((url['open'] ?? '').split(',').filter(Boolean)), [url]);
  const showIdle = url['idle'] !== 'hide';
  const inScope = useMemo(
    () =>
      vms.items.filter(
        (vm) =>
          (query.tenantId === undefined || vm.tenantId === query.tenantId) &&
          (query.hostId === undefined || vm.hostId === query.hostId) &&
          (query.networkId === undefined || vm.vnics.some((nic) => nic.networkId === query.networkId)),
      ),
    [vms.items, query],
  );
  const filtered =
    query.vmId !== undefined || query.address !== undefined || query.port !== undefined || query.verdict !== undefined;
  const edgeItems = edges.data?.items;
  const scene = useMemo(
    () =>
      buildScene({
        vms: filtered || query.tenantId !== undefined ? withPeers(inScope, vms.items, edgeItems ?? []) : inScope,
        hosts,
        tenants,
        groups,
        edges: edgeItems ?? [],
        layout,
        opened,
        showIdle: showIdle && !filtered,
      }),
    [inScope, vms.items, hosts, tenants, groups, edgeItems, layout, opened, showIdle, filtered, query.tenantId],
  );

  const selected = url['sel'];
  const link = scene.links.find(({ id }) => id === selected);
  const selectedVm = vms.byId.get(selected ?? '');
  const tableQuery = useMemo(() => narrowTo(query, link, selected), [query, link, selected]);
  const select = useCallback(
    (id: string | undefined) => {
      setFlow(undefined);
      patch({ sel: id });
    },
    [patch],
  );
  const toggle = useCallback(
    (container: string) => {
      const next = new Set(opened);
      if (!next.delete(container)) next.add(container);
      patch({ open: [...next].join(','), sel: undefined });
    },
    [opened, patch],
  );
  const close = useCallback(() => select(undefined), [select]);

  // The table stays as it is while the picture follows every VM.
  const table = useMemo(
    () => (
      <FlowTable
        query={tableQuery}
        toolbar={<FlowFilters />}
        chips={<FlowChips />}
        activeId={flow?.id}
        onActivate={(row) => setFlow(row.id === flow?.id ? undefined : row)}
        onHover={(row) => focus.point(row)}
      />
    ),
    [tableQuery, flow?.id, focus],
  );

  const panel =
    flow !== undefined ? (
      <FlowDetail flow={flow} />
    ) : link !== undefined ? (
      <LinkDetail link={link} />
    ) : (
      selectedVm !== undefined && <VmSummary vm={selectedVm} />
    );
  const title =
    flow !== undefined ? t('flows.detail') : link !== undefined ? link.services.join(', ') : selectedVm?.name;
  const windowMs = query.window === undefined ? spanOf(query.from, query.to) : query.window * 1000;

  return (
    <PageFrame fill title={t('map.title')} subtitle={t('map.question')}>
      <DrawerLayout open={panel !== false} title={title} label={t('common.details')} onClose={close} panel={panel}>
        <SplitView
          label={t('map.splitter')}
          name="map"
          above={
            <section className="hv-map" ref={frame} aria-label={t('map.canvas')}>
              <MapTools control={control} frame={frame} layout={layout} showIdle={showIdle} vms={inScope} />
              <div className="hv-map__body">
                <ListFrame
                  loading={vms.loading || edges.isPending}
                  error={vms.error ?? (edges.data === undefined ? edges.error : null)}
                  retry={() => {
                    vms.retry();
                    void edges.refetch();
                  }}
                  empty={scene.containers.length === 0 && <Nothing vms={vms.items.length} />}
                >
                  <div className="hv-map__stage">
                    <Topology
                      control={control}
                      scene={scene}
                      layout={layout}
                      windowMs={windowMs}
                      selected={selected}
                      focus={focus}
                      onSelect={select}
                      onToggle={toggle}
                    />
                    <UnderPointer focus={focus} />
                  </div>
                  <Legend
                    truncated={edges.data?.truncated === true || scene.hiddenLinks > 0 ? scene.links.length : undefined}
                    clustered={scene.clustered}
                  />
                </ListFrame>
              </div>
            </section>
          }
          below={table}
        />
      </DrawerLayout>
    </PageFrame>
  );
}

/** The line that is pointed at, in a few words. */
function UnderPointer({ focus }: { readonly focus: MapFocus }) {
  const link = useHoveredLink(focus);
  return (
    link !== undefined && (
      <div className="hv-map__hover" role="status">
        <LinkDetail link={link} brief />
      </div>
    )
  );
}

const spanOf = (from: string | undefined, to: string | undefined) =>
  from === undefined
    ? Number(DEFAULT_WINDOW) * 1000
    : Math.max(1000, (to === undefined ? Date.now() : Date.parse(to)) - Date.parse(from));

/** Somebody else's VM that talks to one in scope belongs in the picture too. */
function withPeers<V extends { id: string }>(
  inScope: readonly V[],
  all: readonly V[],
  edges: readonly { src: { vmId: string | null }; dst: { vmId: string | null } }[],
) {
  const wanted = new Set([...inScope.map((vm) => vm.id), ...edges.flatMap((edge) => [edge.src.vmId, edge.dst.vmId])]);
  return all.filter((vm) => wanted.has(vm.id));
}

function Nothing({ vms }: { readonly vms: number }) {
  const { t } = useTranslation();
  return vms === 0 ? (
    <EmptyTeach icon={MapIcon} title={t('map.noVms')} help={t('map.noVmsHelp')} />
  ) : (
    <EmptyTeach icon={MapIcon} title={t('map.empty')} help={t('map.emptyHelp')} />
  );
}
