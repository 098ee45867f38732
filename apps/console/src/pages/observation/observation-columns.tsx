import type { ObservedTurn } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../ui/table-model.ts';
import { useJudgedColumns, useTalkColumns } from '../simulation/talk-columns.tsx';

export function useObservationColumns(): readonly Column<ObservedTurn>[] {
  const { t } = useTranslation();
  const side = (id: 'before' | 'now') => ({
    id,
    verdict: t(`observation.${id}`),
    rule: t(`observation.${id}Rule`),
    of: (row: ObservedTurn) => row[id],
  });
  const [before, beforeRule] = useJudgedColumns(side('before'));
  const [now, nowRule] = useJudgedColumns(side('now'));
  const talk = useTalkColumns<ObservedTurn>();
  return [before, now, ...talk, beforeRule, nowRule];
}
