import type { ObservedTurn } from '@hypervigil/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRuleWords } from '../../data/rules.ts';
import { endName, flowsOf, type Talk, talkService } from '../../data/talks.ts';
import { VerdictLabel } from '../../ui/labels.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { TalkEnd } from './TalkEnd.tsx';

/** Who talked to whom, on what, how much. */
export function useTalkColumns<T extends Talk>(): readonly Column<T>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
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
      width: 136,
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
  ];
}

type Judged = Pick<ObservedTurn['now'], 'verdict' | 'rule' | 'ruleNum'>;

interface Side<T> {
  readonly id: string;
  readonly verdict: string;
  readonly rule: string;
  readonly of: (row: T) => Judged;
}

/** What was said of it, and by which rule. */
export function useJudgedColumns<T>({ id, verdict, rule, of }: Side<T>): readonly [Column<T>, Column<T>] {
  const { t } = useTranslation();
  const words = useRuleWords();
  const ruleName = (row: T) => {
    const { rule: named, ruleNum } = of(row);
    return named?.name ?? words({ ruleNum, ruleId: null, policyId: null }).name;
  };
  return [
    {
      id,
      header: verdict,
      width: 96,
      text: (row) => t(`flows.verdicts.${of(row).verdict}`),
      cell: (row) => <VerdictLabel verdict={of(row).verdict} />,
    },
    {
      id: `${id}-rule`,
      header: rule,
      width: 140,
      from: 'lg',
      text: ruleName,
      cell: (row) => {
        const { rule: named, ruleNum } = of(row);
        if (named === null) return ruleName(row);
        return (
          <Link to="/policy" search={{ id: named.policyId, rule: String(ruleNum) }} title={named.policy}>
            {named.name}
          </Link>
        );
      },
    },
  ];
}
