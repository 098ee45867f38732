import type { SimulatedChange } from '@hypervigil/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRuleWords } from '../../data/rules.ts';
import { endName, flowsOf, talkService } from '../../data/talks.ts';
import { VerdictLabel } from '../../ui/labels.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { TalkEnd } from './TalkEnd.tsx';

type Judged = SimulatedChange['before'];

export function useSimulationColumns(): readonly Column<SimulatedChange>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useRuleWords();
  const ruleName = ({ rule, ruleNum }: Judged) => rule?.name ?? words({ ruleNum, ruleId: null, policyId: null }).name;
  const verdict = (side: 'before' | 'after'): Column<SimulatedChange> => ({
    id: side,
    header: t(`simulation.${side}`),
    width: 84,
    text: (row) => t(`flows.verdicts.${row[side].verdict}`),
    cell: (row) => <VerdictLabel verdict={row[side].verdict} />,
  });
  const rule = (side: 'before' | 'after'): Column<SimulatedChange> => ({
    id: `${side}-rule`,
    header: t(`simulation.${side}Rule`),
    width: 140,
    from: 'lg',
    text: (row) => ruleName(row[side]),
    cell: (row) => (
      <span title={row[side].rule?.policy}>
        {row[side].rule === null ? (
          ruleName(row[side])
        ) : (
          <Link to="/policy" search={{ id: row[side].rule.policyId }}>
            {ruleName(row[side])}
          </Link>
        )}
      </span>
    ),
  });
  return [
    verdict('before'),
    verdict('after'),
    {
      id: 'src',
      header: t('flows.source'),
      width: 120,
      text: ({ src }) => endName(src),
      cell: ({ src }) => <TalkEnd end={src} />,
    },
    {
      id: 'dst',
      header: t('flows.destination'),
      width: 120,
      text: ({ dst }) => endName(dst),
      cell: ({ dst }) => <TalkEnd end={dst} />,
    },
    {
      id: 'service',
      header: t('flows.service'),
      width: 90,
      text: talkService,
      cell: (row) => <code>{talkService(row)}</code>,
    },
    {
      id: 'flows',
      header: t('recorded.connections'),
      width: 112,
      numeric: true,
      sort: ({ flows }) => flows,
      text: ({ flows }) => String(flows),
      cell: (row) => (
        <Link to="/flows" search={flowsOf(row)} title={t('recorded.seeFlows')}>
          {format.count(row.flows)}
        </Link>
      ),
    },
    {
      id: 'bytes',
      header: t('recorded.volume'),
      width: 90,
      numeric: true,
      from: 'xl',
      sort: ({ bytes }) => bytes,
      text: ({ bytes }) => String(bytes),
      cell: ({ bytes }) => format.bytes(bytes),
    },
    {
      id: 'last',
      header: t('flows.last'),
      width: 110,
      from: 'md',
      sort: ({ lastAt }) => Date.parse(lastAt),
      text: ({ lastAt }) => lastAt,
      cell: ({ lastAt }) => <RelativeTime at={lastAt} />,
    },
    rule('before'),
    rule('after'),
  ];
}
