import { EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import type { MapEdge } from './elements.ts';
import { useHovered, useNear } from './focus.ts';
import { linkOpacity, linkWidth } from './geometry.ts';
import { useMapActions } from './map-actions.ts';

const ARROW = 7;

/** allow: solid with an arrow · deny: dashed with a bar at the end · next to an unprotected VM: grey, long dashes. */
export const LinkLine = memo(({ id, data, selected }: EdgeProps<MapEdge>) => {
  const { focus, now, windowMs, labels } = useMapActions();
  const near = useNear(focus, id) ? ' hv-map-near' : '';
  const hovered = useHovered(focus, id);
  if (data === undefined) return null;
  const { link, label } = data;
  const { curve, labelAt } = data.way;
  const { path, end, angle } = curve;
  const width = linkWidth(link.bytes + link.replyBytes);
  const active = selected === true || hovered;
  const kind = link.verdict === 'deny' ? 'deny' : link.unprotected ? 'open' : 'allow';
  const degrees = (angle * 180) / Math.PI;
  const size = ARROW + width;
  return (
    <>
      <g
        className={`hv-map-part hv-link hv-link--${kind}${active ? ' hv-link--active' : ''}${near}`}
        opacity={active ? 1 : linkOpacity(link.lastAt, now, windowMs)}
      >
        <path className="hv-link__line" d={path} strokeWidth={width} />
        <g transform={`translate(${end[0]} ${end[1]}) rotate(${degrees})`}>
          {kind === 'deny' ? (
            <rect className="hv-link__end" x={-1.5} y={-size / 2 - 1} width={3.5} height={size + 2} rx={1} />
          ) : (
            <path className="hv-link__end" d={`M${-size * 0.8},${-size / 2} L2,0 L${-size * 0.8},${size / 2} Z`} />
          )}
        </g>
        <path className="hv-link__reach react-flow__edge-interaction" d={path} />
      </g>
      {(active || labels) && (
        <EdgeLabelRenderer>
          <div
            className={`hv-link-label hv-link-label--${kind}${active ? ' hv-link-label--active' : ''}${near}`}
            style={{ transform: `translate(-50%, -50%) translate(${labelAt[0]}px, ${labelAt[1]}px)` }}
          >
            {label}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
