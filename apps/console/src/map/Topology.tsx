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
import { type RefObject, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../data/preferences.ts';
import { useFormat } from '../ui/use-format.ts';
import { useNow } from '../ui/use-now.ts';
import { type MapEdge, type MapNode, toEdges, toNodes } from './elements.ts';
import { LinkLine } from './LinkLine.tsx';
import { placeScene } from './layout.ts';
import { ClusterCard, ContainerBox, OutsideCard, VmCard } from './MapNodes.tsx';
import { MapActionsContext } from './map-actions.ts';
import { readMoved, storeMoved } from './moved.ts';
import { drawPng } from './png.ts';
import type { Layout, Scene, SceneLink } from './scene.ts';
import { useContainerName } from './use-container-name.ts';

const NODE_TYPES = { container: ContainerBox, vm: VmCard, cluster: ClusterCard, outside: OutsideCard };
const EDGE_TYPES = { link: LinkLine };
const FIT = { padding: '20px', maxZoom: 1.25, duration: 200 } as const;
/** Beyond this, what is out of view is not in the document. */
const MANY = 150;
const MAX_LABELS = 60;

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
  /** Nodes and links that the table points at. */
  readonly pointed: ReadonlySet<string> | undefined;
  readonly onSelect: (id: string | undefined) => void;
  readonly onHoverLink: (link: SceneLink | undefined) => void;
  readonly onToggle: (container: string) => void;
}

export const Topology = (props: Props) => (
  <ReactFlowProvider>
    <Canvas {...props} />
  </ReactFlowProvider>
);

function Canvas({ control, scene, layout, windowMs, selected, pointed, onSelect, onHoverLink, onToggle }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { look } = usePreferences();
  const now = useNow();
  const flow = useReactFlow<MapNode, MapEdge>();
  const containerName = useContainerName();
  const [moved, setMoved] = useState(() => readMoved(layout));
  const [hovered, setHovered] = useState<string>();
  useEffect(() => setMoved(readMoved(layout)), [layout]);

  const placed = useMemo(() => placeScene(scene), [scene]);
  const describe = useCallback(
    (link: SceneLink) => {
      const name = (id: string) => scene.containers.flatMap((c) => c.nodes).find((node) => node.id === id)?.name ?? id;
      return t('map.edge', {
        src: name(link.source),
        dst: name(link.target),
        service: link.services.join(', '),
        verdict: t(`flows.verdicts.${link.verdict}`),
        volume: format.bytes(link.bytes + link.replyBytes),
      });
    },
    [scene, t, format],
  );
  const nodes = useMemo(
    () =>
      toNodes(scene, placed, moved, (node) => node.name ?? '').map((node) =>
        node.id === selected ? { ...node, selected: true } : node,
      ),
    [scene, placed, moved, selected],
  );
  const edges = useMemo(
    () =>
      toEdges(scene.links, nodes, describe).map((edge) =>
        edge.id === selected ? { ...edge, selected: true, zIndex: 3 } : edge,
      ),
    [scene.links, nodes, describe, selected],
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

  // While something is pointed at or chosen, the rest stands back.
  const near = useMemo(() => {
    const focus = hovered ?? selected;
    if (pointed !== undefined) return pointed;
    if (focus === undefined) return undefined;
    const set = new Set([focus]);
    for (const link of scene.links)
      if (link.id === focus || link.source === focus || link.target === focus)
        for (const id of [link.id, link.source, link.target]) set.add(id);
    return set.size === 1 && !scene.containers.some((c) => c.nodes.some((n) => n.id === focus)) ? undefined : set;
  }, [hovered, selected, pointed, scene]);
  const actions = useMemo(
    () => ({
      toggle: onToggle,
      isDimmed: (id: string) => near !== undefined && !near.has(id),
      now,
      windowMs,
      hovered,
      labels: scene.links.length <= MAX_LABELS,
    }),
    [onToggle, near, now, windowMs, hovered, scene.links.length],
  );

  return (
    <MapActionsContext value={actions}>
      <div ref={frame} className="hv-map-canvas" role="application" aria-label={t('map.canvas')}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
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
          onNodeMouseEnter={(_, node) => node.type !== 'container' && setHovered(node.id)}
          onNodeMouseLeave={() => setHovered(undefined)}
          onEdgeMouseEnter={(_, edge) => {
            setHovered(edge.id);
            onHoverLink(edge.data?.link);
          }}
          onEdgeMouseLeave={() => {
            setHovered(undefined);
            onHoverLink(undefined);
          }}
          onEdgesChange={selectByKeyboard}
          onMoveEnd={(event) => {
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
