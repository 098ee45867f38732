import '@xyflow/react/dist/base.css';
import './map.css';
import {
  Background,
  BackgroundVariant,
  type EdgeChange,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { memo, type RefObject, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../data/preferences.ts';
import { useCollection } from '../data/queries.ts';
import { useFormat } from '../ui/use-format.ts';
import { useNow } from '../ui/use-now.ts';
import {
  absoluteBoxes,
  type MapEdge,
  type MapNode,
  sameEdge,
  sameLink,
  sameNode,
  toEdges,
  toNodes,
} from './elements.ts';
import type { MapFocus } from './focus.ts';
import { LinkLine } from './LinkLine.tsx';
import { placeScene } from './layout.ts';
import { lineLabel } from './line-labels.ts';
import { ClusterCard, ContainerBox, OutsideCard, VmCard } from './MapNodes.tsx';
import { MapActionsContext } from './map-actions.ts';
import { readMoved, storeMoved } from './moved.ts';
import { drawPng } from './png.ts';
import type { Layout, Scene, SceneLink } from './scene.ts';
import { useContainerName } from './use-container-name.ts';
import { useKept } from './use-kept.ts';
import { layWays, sameBox, sameRoute } from './ways.ts';

const NODE_TYPES = { container: ContainerBox, vm: VmCard, cluster: ClusterCard, outside: OutsideCard };
const EDGE_TYPES = { link: LinkLine };
const FIT = { padding: '20px', maxZoom: 1.25, duration: 200 } as const;
/** Beyond this, what is out of view is not in the document; below, coming and going while it moves would cost more. */
const MANY = 1500;
const MAX_LABELS = 60;
/** So many steps a line takes to fade over the chosen window. */
const FADE_STEPS = 40;

export interface TopologyControl {
  readonly fit: () => void;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly resetLayout: () => void;
  readonly find: (id: string) => void;
  readonly png: () => Promise<Blob>;
}

interface Props {
  readonly control: RefObject<TopologyControl | null>;
  readonly scene: Scene;
  readonly layout: Layout;
  readonly windowMs: number;
  readonly selected: string | undefined;
  readonly focus: MapFocus;
  readonly onSelect: (id: string | undefined) => void;
  readonly onToggle: (container: string) => void;
}

export const Topology = memo((props: Props) => (
  <ReactFlowProvider>
    <Canvas {...props} />
  </ReactFlowProvider>
));

function Canvas({ control, scene, layout, windowMs, selected, focus, onSelect, onToggle }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { look } = usePreferences();
  const step = windowMs / FADE_STEPS;
  const now = Math.floor(useNow() / step) * step;
  const flow = useReactFlow<MapNode, MapEdge>();
  const containerName = useContainerName();
  const tenants = useCollection('tenants').byId;
  const [moved, setMoved] = useState(() => readMoved(layout));
  useEffect(() => setMoved(readMoved(layout)), [layout]);

  const placed = useMemo(() => placeScene(scene), [scene]);
  const nodes = useKept(
    useMemo(() => toNodes(scene, placed, moved, selected), [scene, placed, moved, selected]),
    sameNode,
  );
  const links = useKept(scene.links, sameLink);
  const boxes = useKept(
    useMemo(() => absoluteBoxes(nodes), [nodes]),
    sameBox,
  );
  const routes = useKept(
    useMemo(
      () => links.map(({ id, source, target, services }) => ({ id, source, target, text: lineLabel(services) })),
      [links],
    ),
    sameRoute,
  );
  const labels = links.length <= MAX_LABELS;
  const ways = useMemo(() => layWays(routes, boxes, labels), [routes, boxes, labels]);
  const edges = useKept(
    useMemo(() => {
      const names = new Map(nodes.map(({ id, ariaLabel }) => [id, ariaLabel]));
      const describe = (link: SceneLink) =>
        t('map.edge', {
          src: names.get(link.source) ?? link.source,
          dst: names.get(link.target) ?? link.target,
          service: link.services.join(', '),
          verdict: t(`flows.verdicts.${link.verdict}`),
          volume: format.bytes(link.bytes + link.replyBytes),
        });
      return toEdges(links, ways, describe, selected);
    }, [links, ways, nodes, selected, t, format]),
    sameEdge,
  );

  /** With the keyboard React Flow itself selects what has the focus. */
  const selectByKeyboard = useCallback(
    (changes: readonly (NodeChange<MapNode> | EdgeChange<MapEdge>)[]) => {
      for (const change of changes) if (change.type === 'select' && change.selected) onSelect(change.id);
    },
    [onSelect],
  );
  const onNodesChange = useCallback(
    (changes: NodeChange<MapNode>[]) => {
      selectByKeyboard(changes);
      const positions = changes.flatMap((change) =>
        change.type === 'position' && change.position !== undefined ? [[change.id, change.position] as const] : [],
      );
      if (positions.length > 0) setMoved((previous) => ({ ...previous, ...Object.fromEntries(positions) }));
    },
    [selectByKeyboard],
  );

  const shape = JSON.stringify([...placed.containers]);
  const frame = useRef<HTMLDivElement>(null);
  /** Somebody has moved the view or a card: the view is theirs from now on, until they ask for another picture. */
  const touched = useRef(false);
  const fitted = useRef(false);
  useEffect(() => {
    void layout;
    touched.current = false;
  }, [layout]);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (!touched.current) void flow.fitView({ ...FIT, duration: 0 });
    });
    if (frame.current !== null) observer.observe(frame.current);
    return () => observer.disconnect();
  }, [flow]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` says when
  useEffect(() => {
    if (touched.current) return undefined;
    // The first view stands at once: nobody has seen another that it would have to move away from.
    const duration = fitted.current ? FIT.duration : 0;
    fitted.current = true;
    const timer = requestAnimationFrame(() => void flow.fitView({ ...FIT, duration }));
    return () => cancelAnimationFrame(timer);
  }, [shape, layout, flow]);

  useImperativeHandle(control, () => ({
    fit: () => {
      touched.current = false;
      void flow.fitView(FIT);
    },
    zoomIn: () => {
      touched.current = true;
      void flow.zoomIn();
    },
    zoomOut: () => {
      touched.current = true;
      void flow.zoomOut();
    },
    resetLayout: () => {
      setMoved({});
      storeMoved(layout, {});
      touched.current = false;
      requestAnimationFrame(() => void flow.fitView(FIT));
    },
    find: (id) => {
      touched.current = true;
      void flow.fitView({ ...FIT, nodes: [{ id }], maxZoom: 1.3 });
    },
    png: () => drawPng({ nodes, edges, containerName, stateOf: (vm) => t(`vms.states.${vm.state}`), now, windowMs }),
  }));

  // While something is pointed at or chosen, the rest stands back: a matter of one class on the whole.
  useEffect(() => focus.show(scene, selected), [focus, scene, selected]);
  useEffect(() => {
    const mark = () => frame.current?.classList.toggle('hv-map-canvas--focused', focus.any());
    mark();
    return focus.subscribe(mark);
  }, [focus]);
  const moving = (on: boolean) => frame.current?.classList.toggle('hv-map-canvas--moving', on);
  const actions = useMemo(
    () => ({ toggle: onToggle, focus, tenants, now, windowMs, labels }),
    [onToggle, focus, tenants, now, windowMs, labels],
  );

  return (
    <MapActionsContext value={actions}>
      <div ref={frame} className="hv-map-canvas" role="application" aria-label={t('map.canvas')}>
        <ReactFlow
          nodes={nodes as MapNode[]}
          edges={edges as MapEdge[]}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onNodesChange={onNodesChange}
          onNodeDragStart={() => {
            touched.current = true;
          }}
          onNodeDragStop={() => storeMoved(layout, moved)}
          onNodeClick={(_, node) => onSelect(node.type === 'container' || node.id === selected ? undefined : node.id)}
          onEdgeClick={(_, edge) => onSelect(edge.id === selected ? undefined : edge.id)}
          onPaneClick={() => onSelect(undefined)}
          onNodeMouseEnter={(_, node) => node.type !== 'container' && focus.hover(node.id)}
          onNodeMouseLeave={() => focus.hover(undefined)}
          onEdgeMouseEnter={(_, edge) => focus.hover(edge.id)}
          onEdgeMouseLeave={() => focus.hover(undefined)}
          onEdgesChange={selectByKeyboard}
          onMoveStart={() => moving(true)}
          onMoveEnd={(event) => {
            moving(false);
            if (event !== null) touched.current = true;
          }}
          colorMode={look.dark ? 'dark' : 'light'}
          zIndexMode="manual"
          nodesConnectable={false}
          deleteKeyCode={null}
          multiSelectionKeyCode={null}
          selectionKeyCode={null}
          onlyRenderVisibleElements={nodes.length > MANY}
          minZoom={0.05}
          maxZoom={2.5}
          zoomOnDoubleClick={false}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={24} size={1.2} />
        </ReactFlow>
      </div>
    </MapActionsContext>
  );
}
