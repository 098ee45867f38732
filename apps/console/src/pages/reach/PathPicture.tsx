import type { PolicyReach } from '@hypervigil/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { packetText } from '../../data/analysis.ts';
import { DecidedBy } from './DecidedBy.tsx';
import { brief, endsOf } from './ends.ts';

type Point = PolicyReach['points'][number];

const WIDTH = 960;
const HEIGHT = 150;
const LINE_Y = 50;
const END = { width: 200, height: 64 } as const;
const GATE_X = { egress: 290, ingress: WIDTH - 290 } as const satisfies Record<Point, number>;
const GATE_R = 13;
const UNDER = 190;

/**
 * The way of one part of the traffic: out of a vNIC, through the network, into a vNIC, with the rule where it is judged.
 * What is denied ends at the first place that judges it, with a bar.
 */
export function PathPicture({ part }: { readonly part: PolicyReach }) {
  const { t } = useTranslation();
  const denied = part.verdict === 'deny';
  const endsAt = denied ? part.points[0] : undefined;
  const stop = endsAt === undefined ? WIDTH - END.width : GATE_X[endsAt];
  const label = t(denied ? 'reach.pathDenied' : 'reach.pathAllowed', {
    from: brief(endsOf(part.from), part.from),
    to: brief(endsOf(part.to), part.to),
    services: part.services.join(', '),
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className="hv-path" aria-label={t('reach.path')} tabIndex={0}>
      <p className="hv-path__said">{label}</p>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the sentence above it says the same */}
      <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        <line
          className={`hv-path__line hv-path__line--${part.verdict}`}
          x1={END.width}
          x2={stop}
          y1={LINE_Y}
          y2={LINE_Y}
        />
        {endsAt !== undefined && (
          <line
            className="hv-path__line hv-path__line--never"
            x1={stop}
            x2={WIDTH - END.width}
            y1={LINE_Y}
            y2={LINE_Y}
          />
        )}
        <End x={0} part={part} side="from" />
        <End x={WIDTH - END.width} part={part} side="to" />
        <Under x={WIDTH / 2} y={LINE_Y - 14} height={28} className="hv-path__network">
          {part.network.name}
        </Under>
        {part.points.map((point) => (
          <g key={point}>
            <Gate x={GATE_X[point]} is={!denied ? 'passed' : point === endsAt ? 'closed' : 'never'} />
            <Under x={GATE_X[point]} y={LINE_Y + 22} height={HEIGHT - LINE_Y - 22} className="hv-path__rule">
              <DecidedBy part={part} />
              <span className="hv-muted hv-small">{t(`reach.points.${point}`)}</span>
            </Under>
          </g>
        ))}
      </svg>
      <p className="hv-muted hv-small">
        {t('reach.example')} <code>{packetText(part.witness)}</code>
      </p>
    </section>
  );
}

interface EndProps {
  readonly x: number;
  readonly part: PolicyReach;
  readonly side: 'from' | 'to';
}

function End({ x, part, side }: EndProps) {
  const { t } = useTranslation();
  const names = endsOf(part[side]);
  return (
    <foreignObject x={x} y={LINE_Y - END.height / 2} width={END.width} height={END.height}>
      <div className="hv-path__end" title={names.join('\n')}>
        <span className="hv-muted hv-small">{t(`policy.${side}`)}</span>
        <strong>{brief(names, part[side])}</strong>
      </div>
    </foreignObject>
  );
}

/** A tick where it passes, a bar where it ends, an empty ring where it never comes: the sign says it, and the colour too. */
function Gate({ x, is }: { readonly x: number; readonly is: 'passed' | 'closed' | 'never' }) {
  return (
    <g className={`hv-path__gate hv-path__gate--${is}`}>
      <circle cx={x} cy={LINE_Y} r={GATE_R} />
      {is === 'closed' && <line x1={x} x2={x} y1={LINE_Y - 22} y2={LINE_Y + 22} />}
      {is === 'passed' && <polyline points={`${x - 5},${LINE_Y} ${x - 1},${LINE_Y + 4} ${x + 6},${LINE_Y - 5}`} />}
    </g>
  );
}

interface UnderProps {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly className: string;
  readonly children: ReactNode;
}

const Under = ({ x, y, height, className, children }: UnderProps) => (
  <foreignObject x={x - UNDER / 2} y={y} width={UNDER} height={height}>
    <div className={className}>{children}</div>
  </foreignObject>
);
