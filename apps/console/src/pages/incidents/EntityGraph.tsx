import type { IncidentGraph } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { AddressSetIcon, VmIcon } from '../../ui/icons.tsx';
import { TenantBadge } from '../../ui/TenantTag.tsx';
import { useAlertText } from '../alerts/use-alert-text.ts';
import { layoutOf, lineBetween, NODE } from './graph-layout.ts';
import { useEntityName } from './use-entity-name.ts';

const MAX_LABEL = 20;
const cut = (text: string) => (text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL - 1)}…` : text);

interface Props {
  readonly graph: IncidentGraph;
  /** The node whose lines stand out. */
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

/** VMs and addresses as boxes, what was done between them as arrows. The table under it says the same. */
export function EntityGraph({ graph, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const alertText = useAlertText();
  const nameOf = useEntityName();
  const tenants = useCollection('tenants').byId;
  const { places, width, height, notDrawn } = useMemo(() => layoutOf(graph), [graph]);
  const lines = graph.edges.flatMap(({ from, to, codes, severity }) => {
    const [start, end] = [places.get(from), places.get(to)];
    if (start === undefined || end === undefined) return [];
    const isFaint = selected !== undefined && selected !== from && selected !== to;
    const more = codes.length > 1 ? ` +${codes.length - 1}` : '';
    const label = `${cut(alertText.title(codes[0]!))}${more}`;
    return [{ key: `${from} ${to}`, severity, isFaint, label, ...lineBetween(start, end) }];
  });
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <figure className="hv-incident-graph" tabIndex={0} aria-label={t('incidents.graphLabel')}>
        <div className="hv-incident-graph__field" style={{ width, height }}>
          <svg width={width} height={height} aria-hidden="true">
            {lines.map(({ key, severity, isFaint, label, path, arrow, middle }) => (
              <g key={key} className={`hv-deed hv-deed--${severity}${isFaint ? ' hv-deed--faint' : ''}`}>
                <path d={path} fill="none" />
                <polygon points={arrow} />
                <text {...middle} textAnchor="middle">
                  {label}
                </text>
              </g>
            ))}
          </svg>
          {graph.nodes.map((node) => {
            const place = places.get(node.id);
            if (place === undefined) return null;
            const tenant = tenants.get(node.tenantId ?? '');
            return (
              <button
                key={node.id}
                type="button"
                className={`hv-entity${node.alerts > 0 ? ' hv-entity--alerted' : ''}`}
                style={{ left: place.x, top: place.y, ...NODE }}
                aria-pressed={selected === node.id}
                title={nameOf(node)}
                onClick={() => onSelect(selected === node.id ? undefined : node.id)}
              >
                {node.vmId === null ? <AddressSetIcon /> : <VmIcon />}
                <span>{nameOf(node)}</span>
                {tenant !== undefined && <TenantBadge tenant={tenant} />}
              </button>
            );
          })}
        </div>
      </figure>
      {notDrawn > 0 && <p className="hv-muted hv-small">{t('incidents.notDrawn', { count: notDrawn })}</p>}
    </>
  );
}
