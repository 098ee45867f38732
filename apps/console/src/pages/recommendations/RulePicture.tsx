import type { RecommendedRule } from '@hypervigil/contract';
import { writeService } from '@hypervigil/model';

const ROW = 46;
const WIDTH = 720;
const BOX = { width: 190, height: 30 } as const;
/** More lines than this are read in the table. */
const DRAWN = 12;

const brief = ([first = '', ...others]: readonly string[]) =>
  others.length === 0 ? first : `${first} +${others.length}`;
const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

interface Props {
  readonly label: string;
  readonly rules: readonly RecommendedRule[];
}

/** Who would talk to whom: senders at the left, receivers at the right, a line for each rule. The table says the same. */
export function RulePicture({ label, rules }: Props) {
  const shown = rules.slice(0, DRAWN);
  const names = (side: 'fromNames' | 'toNames') => [...new Set(shown.map((rule) => brief(rule[side])))];
  const [left, right] = [names('fromNames'), names('toNames')];
  const height = Math.max(left.length, right.length, 1) * ROW;
  const middle = (all: readonly string[], name: string) => ((all.indexOf(name) + 0.5) * height) / all.length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <figure className="hv-rule-picture" tabIndex={0} aria-label={label}>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden="true">
        {shown.map((rule) => {
          const [y1, y2] = [middle(left, brief(rule.fromNames)), middle(right, brief(rule.toNames))];
          const [x1, x2] = [BOX.width, WIDTH - BOX.width];
          const width = 1 + Math.min(5, Math.log10(1 + rule.evidence.flows));
          return (
            <g key={rule.name} className={`hv-rule-line hv-rule-line--${rule.evidence.confidence}`}>
              <path
                d={`M ${x1} ${y1} C ${x1 + 90} ${y1} ${x2 - 90} ${y2} ${x2} ${y2}`}
                strokeWidth={width}
                fill="none"
              />
              <text x={(x1 + x2) / 2} y={(y1 + y2) / 2 - 6} textAnchor="middle">
                {cut(rule.services.map(writeService).join(' '), 28)}
              </text>
            </g>
          );
        })}
        {[left, right].map((all, side) =>
          all.map((name) => (
            <g key={`${side === 0 ? 'from' : 'to'} ${name}`} className="hv-rule-end">
              <rect x={side === 0 ? 1 : WIDTH - BOX.width - 1} y={middle(all, name) - BOX.height / 2} {...BOX} rx="6" />
              <text
                x={side === 0 ? BOX.width / 2 : WIDTH - BOX.width / 2}
                y={middle(all, name) + 4}
                textAnchor="middle"
              >
                {cut(name, 24)}
              </text>
            </g>
          )),
        )}
      </svg>
    </figure>
  );
}
