import type { BehaviourHour } from '@hypervigil/model';
import { WEEKDAYS } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { mostOf, placeOf, shareOf } from './week-of.ts';

const [LABEL, CELL, GAP] = [34, 18, 1];
const [WIDTH, HEIGHT] = [LABEL + 24 * CELL + 12, 7 * CELL + 16];
const TICKS = [0, 6, 12, 18, 24];
/** What an hour has that has anything: to be told from none. */
const LEAST = 0.12;

interface Props {
  readonly label: string;
  readonly week: readonly BehaviourHour[];
  readonly of: 'seen' | 'usual';
  readonly amountText: (amount: number) => string;
  readonly hourText: (at: string) => string;
}

/** Amounts by hour of the week: the more, the darker; an outline where nothing is known. The table beneath says the same. */
export function WeekHeat({ label, week, of, amountText, hourText }: Props) {
  const { t } = useTranslation();
  const most = mostOf(week);
  return (
    <svg className="hv-week hv-heat" role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      {WEEKDAYS.map((day, row) => (
        <text key={day} x="0" y={row * CELL + CELL - 5}>
          {t(`schedules.day.${day}`)}
        </text>
      ))}
      {week.map((one, n) => {
        const amount = one[of];
        const { day, hour } = placeOf(one.at);
        const share = amount === null ? 0 : shareOf(amount, most);
        return (
          <rect
            key={one.at}
            className={`hv-heat__hour${amount === null ? ' hv-heat__hour--unknown' : ''}${n === 0 ? ' hv-heat__hour--now' : ''}`}
            x={LABEL + hour * CELL + GAP}
            y={day * CELL + GAP}
            width={CELL - 2 * GAP}
            height={CELL - 2 * GAP}
            style={{ fillOpacity: share === 0 ? 0 : LEAST + (1 - LEAST) * share }}
          >
            <title>{`${hourText(one.at)}: ${amount === null ? t('behaviour.unknown') : amountText(amount)}`}</title>
          </rect>
        );
      })}
      {TICKS.map((hour) => (
        <text key={hour} x={LABEL + hour * CELL} y={HEIGHT - 2} textAnchor="middle">
          {hour}
        </text>
      ))}
    </svg>
  );
}
