import type { PolicyReach } from '@hypervigil/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { packetText } from '../../data/analysis.ts';
import { DecidedBy } from './DecidedBy.tsx';
import { brief, endsOf } from './ends.ts';

type Point = PolicyReach['points'][number];

/**
 * The way of one part of the traffic: out of a vNIC, through the network, into a vNIC, with the rule where it is judged.
 * What is denied ends at the first place that judges it, with a bar. From left to right, or where there is no room for
 * that, from top to bottom.
 */
export function PathPicture({ part }: { readonly part: PolicyReach }) {
  const { t } = useTranslation();
  const denied = part.verdict === 'deny';
  const judges = (point: Point) => part.points.includes(point);
  const endsAt = denied ? part.points[0] : undefined;
  const label = t(denied ? 'reach.pathDenied' : 'reach.pathAllowed', {
    from: brief(endsOf(part.from), part.from),
    to: brief(endsOf(part.to), part.to),
    services: part.services.join(', '),
  });
  const ahead = {
    egress: endsAt === 'egress' ? 'never' : part.verdict,
    ingress: endsAt === undefined ? part.verdict : 'never',
  } as const;
  const gate = (point: Point) => (
    <Step kind="gate" line={point === 'egress' ? part.verdict : ahead.egress}>
      <Gate is={!denied ? 'passed' : point === endsAt ? 'closed' : 'never'} />
      <div className="hv-path__rule">
        <DecidedBy part={part} />
        <span className="hv-muted hv-small">{t(`reach.points.${point}`)}</span>
      </div>
    </Step>
  );
  return (
    <section className="hv-path" aria-label={t('reach.path')}>
      <p className="hv-path__said">{label}</p>
      <ol className="hv-path__way">
        <Step kind="end">
          <End part={part} side="from" />
        </Step>
        {judges('egress') && gate('egress')}
        <Step kind="network" line={ahead.egress}>
          <span className="hv-path__network">{part.network.name}</span>
        </Step>
        {judges('ingress') && gate('ingress')}
        <Step kind="end" line={ahead.ingress}>
          <End part={part} side="to" />
        </Step>
      </ol>
      <p className="hv-muted hv-small">
        {t('reach.example')} <code>{packetText(part.witness)}</code>
      </p>
    </section>
  );
}

interface StepProps {
  readonly kind: 'end' | 'gate' | 'network';
  /** How what comes to it gets there; nothing comes to the first one. */
  readonly line?: PolicyReach['verdict'] | 'never';
  readonly children: ReactNode;
}

const Step = ({ kind, line, children }: StepProps) => (
  <li className={`hv-path__step hv-path__step--${kind}`}>
    {line !== undefined && <span className={`hv-path__line hv-path__line--${line}`} />}
    <div className="hv-path__place">{children}</div>
  </li>
);

interface EndProps {
  readonly part: PolicyReach;
  readonly side: 'from' | 'to';
}

function End({ part, side }: EndProps) {
  const { t } = useTranslation();
  const names = endsOf(part[side]);
  return (
    <div className="hv-path__end" title={names.join('\n')}>
      <span className="hv-muted hv-small">{t(`policy.${side}`)}</span>
      <strong>{brief(names, part[side])}</strong>
    </div>
  );
}

/** A tick where it passes, a bar where it ends, an empty ring where it never comes: the sign says it, and the colour too. */
const Gate = ({ is }: { readonly is: 'passed' | 'closed' | 'never' }) => (
  <svg className={`hv-path__gate hv-path__gate--${is}`} viewBox="0 0 32 44" aria-hidden="true">
    {is !== 'closed' && <circle cx={16} cy={22} r={13} />}
    {is === 'closed' && <line x1={16} x2={16} y1={2} y2={42} />}
    {is === 'passed' && <polyline points="11,22 15,26 22,17" />}
  </svg>
);
