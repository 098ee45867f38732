import type { IncidentDetail } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/use-format.ts';

const LANE = 24;
const WIDTH = 760;
const LABEL = 210;
/** More are read in the table. */
const MAX_LANES = 30;
/** What people did, as a mark on the lanes of the alerts that they did it to. */
const MARKED: ReadonlySet<string> = new Set(['triage', 'start', 'assign', 'response', 'comment', 'close', 'placed']);
const cut = (text: string) => (text.length > 28 ? `${text.slice(0, 27)}…` : text);

interface Props {
  readonly incident: IncidentDetail;
  readonly names: ReadonlyMap<string, string>;
}

/** A lane for each alert, from when it was first seen to when it last was, with what people did about it. The table says the same. */
export function TimelinePicture({ incident, names }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { members, timeline } = incident;
  const lanes = members.slice(0, MAX_LANES).map(({ alert }) => alert);
  const times = timeline.map(({ at }) => Date.parse(at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const xOf = (at: string) => LABEL + ((WIDTH - LABEL - 12) * (Date.parse(at) - first)) / Math.max(1, last - first) + 6;
  const height = lanes.length * LANE + 28;
  const yOf = (lane: number) => lane * LANE + LANE / 2;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <figure className="hv-incident-time" tabIndex={0} aria-label={t('incidents.timelineLabel')}>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden="true">
        {lanes.map(({ id, severity, firstAt, lastAt }, lane) => (
          <g key={id} className={`hv-lane hv-lane--${severity}`}>
            <text x={0} y={yOf(lane) + 4}>
              {cut(names.get(id) ?? id)}
            </text>
            <line className="hv-lane__ground" x1={LABEL} x2={WIDTH} y1={yOf(lane)} y2={yOf(lane)} />
            <rect
              x={xOf(firstAt)}
              y={yOf(lane) - 5}
              width={Math.max(5, xOf(lastAt) - xOf(firstAt))}
              height={10}
              rx={5}
            />
          </g>
        ))}
        {timeline.flatMap(({ kind, at, alertIds }) =>
          !MARKED.has(kind)
            ? []
            : alertIds.flatMap((alertId) => {
                const lane = lanes.findIndex(({ id }) => id === alertId);
                return lane < 0
                  ? []
                  : [
                      <circle
                        key={`${alertId} ${kind} ${at}`}
                        className="hv-lane__mark"
                        cx={xOf(at)}
                        cy={yOf(lane)}
                        r={4}
                      />,
                    ];
              }),
        )}
        <text x={LABEL} y={height - 6}>
          {format.instant(first)}
        </text>
        <text x={WIDTH} y={height - 6} textAnchor="end">
          {format.instant(last)}
        </text>
      </svg>
    </figure>
  );
}
