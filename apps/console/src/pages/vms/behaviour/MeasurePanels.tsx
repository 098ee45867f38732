import type { BehaviourHour, BehaviourOfMeasure } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../../ui/DataTable.tsx';
import { Facts } from '../../../ui/Facts.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import type { Column } from '../../../ui/table-model.ts';
import { useAlertText } from '../../alerts/use-alert-text.ts';
import { useAmounts } from './use-amounts.ts';
import { WeekHeat } from './WeekHeat.tsx';

/** The hour that goes on, and the week: what it had, what it usually has at most, and from what on it is told of. */
export function MeasurePanels({ one }: { readonly one: BehaviourOfMeasure }) {
  const { t } = useTranslation();
  const alertText = useAlertText();
  const { measure, code, now, week } = one;
  const text = useAmounts(measure);
  const columns = useMemo<readonly Column<BehaviourHour>[]>(
    () => [
      {
        ...{ id: 'hour', header: t('behaviour.hour'), width: 110, sortable: false },
        text: ({ at }) => at,
        cell: ({ at }) => text.hour(at),
      },
      ...(['seen', 'usual', 'alertsFrom'] as const).map(
        (id): Column<BehaviourHour> => ({
          ...{ id, header: t(`behaviour.${id}`), width: 120, numeric: true, sortable: false },
          text: (hour) => String(hour[id] ?? ''),
          cell: (hour) => text.orUnknown(hour[id]),
        }),
      ),
    ],
    [t, text],
  );
  const heat = { week, amountText: text.amount, hourText: text.hour };
  return (
    <>
      <Panel title={t('behaviour.now')} source={t('behaviour.judgedBy', { what: alertText.title(code) })}>
        <Facts
          facts={[
            { name: t('behaviour.since'), value: text.hour(now.at) },
            { name: t('behaviour.seenSoFar'), value: text.amount(now.seen) },
            { name: t('behaviour.usual'), value: text.orUnknown(now.usual) },
            { name: t('behaviour.alertsFrom'), value: text.orUnknown(now.alertsFrom) },
          ]}
        />
        <p className="hv-muted">{t(`behaviour.lines.${measure}`)}</p>
      </Panel>
      <div className="hv-grid">
        <Panel title={t('behaviour.seenWeek')} source={t('behaviour.seenSource')}>
          <WeekHeat label={t('behaviour.seenWeek')} of="seen" {...heat} />
        </Panel>
        <Panel title={t('behaviour.usualWeek')} source={t('behaviour.usualSource')}>
          <WeekHeat label={t('behaviour.usualWeek')} of="usual" {...heat} />
        </Panel>
      </div>
      <Panel flush title={t('behaviour.hours')}>
        <DataTable
          label={t('behaviour.hours')}
          columns={columns}
          rows={week}
          rowId={({ at }) => at}
          rowName={({ at }) => text.hour(at)}
          maxHeight={320}
        />
      </Panel>
    </>
  );
}
