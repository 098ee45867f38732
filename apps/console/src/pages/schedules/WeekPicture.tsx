import { type ScheduleWindow, WEEKDAYS } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { stretchesOf } from './week.ts';
import { windowsText } from './windows-text.ts';

const [LABEL, HOUR, ROW] = [34, 9, 12];
const TICKS = [0, 6, 12, 18, 24];

/** A week as a picture: a row for each day, filled where the windows are. */
export function WeekPicture({ windows }: { readonly windows: readonly ScheduleWindow[] }) {
  const { t } = useTranslation();
  return (
    <svg
      className="hv-week"
      role="img"
      aria-label={windowsText(t, windows)}
      viewBox={`0 0 ${LABEL + 24 * HOUR + 12} ${ROW * 7 + 14}`}
      width={LABEL + 24 * HOUR + 12}
    >
      {WEEKDAYS.map((day, row) => (
        <g key={day} transform={`translate(0 ${row * ROW})`}>
          <text x="0" y={ROW - 3}>
            {t(`schedules.day.${day}`)}
          </text>
          <rect className="hv-week__day" x={LABEL} y="1" width={24 * HOUR} height={ROW - 2} />
        </g>
      ))}
      {stretchesOf(windows).map(({ day, from, to }) => (
        <rect
          key={`${day} ${from} ${to}`}
          className="hv-week__on"
          x={LABEL + from * HOUR}
          y={WEEKDAYS.indexOf(day) * ROW + 1}
          width={(to - from) * HOUR}
          height={ROW - 2}
        />
      ))}
      {TICKS.map((hour) => (
        <text key={hour} x={LABEL + hour * HOUR} y={ROW * 7 + 11} textAnchor="middle">
          {hour}
        </text>
      ))}
    </svg>
  );
}
