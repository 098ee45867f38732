import type { SimulatedChange } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../ui/table-model.ts';
import { useJudgedColumns, useTalkColumns } from './talk-columns.tsx';

export function useSimulationColumns(): readonly Column<SimulatedChange>[] {
  const { t } = useTranslation();
  const side = (id: 'before' | 'after') => ({
    id,
    verdict: t(`simulation.${id}`),
    rule: t(`simulation.${id}Rule`),
    of: (row: SimulatedChange) => row[id],
  });
  const [before, beforeRule] = useJudgedColumns(side('before'));
  const [after, afterRule] = useJudgedColumns(side('after'));
  const talk = useTalkColumns<SimulatedChange>();
  return [before, after, ...talk, beforeRule, afterRule];
}
