import type { PolicyRecommendation, RecommendedRule } from '@hypervigil/contract';
import { writeService } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { AllowIcon, PendingIcon, WarningIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { PeerText } from '../policy/PeerText.tsx';
import { ServiceChips } from '../policy/ServiceChips.tsx';
import { useTalkColumns } from '../simulation/talk-columns.tsx';

const CONFIDENCE = {
  high: { tone: 'green', icon: AllowIcon },
  medium: { tone: 'blue', icon: PendingIcon },
  low: { tone: 'orange', icon: WarningIcon },
} as const;

export function useRuleColumns(ofDays: number): readonly Column<RecommendedRule>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      id: 'from',
      header: t('policy.from'),
      width: 150,
      text: ({ fromNames }) => fromNames.join(' '),
      cell: ({ fromNames }) => <PeerText all={fromNames} />,
    },
    {
      id: 'to',
      header: t('policy.to'),
      width: 150,
      text: ({ toNames }) => toNames.join(' '),
      cell: ({ toNames }) => <PeerText all={toNames} />,
    },
    {
      id: 'services',
      header: t('policy.services'),
      width: 140,
      text: ({ services }) => services.map(writeService).join(' '),
      cell: ({ services }) => <ServiceChips services={services.map(writeService)} />,
    },
    {
      id: 'confidence',
      header: t('recommendations.confidence'),
      width: 110,
      sort: ({ evidence }) => evidence.score,
      text: ({ evidence }) => t(`recommendations.confidences.${evidence.confidence}`),
      cell: ({ evidence }) => (
        <span
          title={t('recommendations.confidenceHelp', {
            days: evidence.days,
            ofDays,
            vms: evidence.vmsSeen,
            ofVms: evidence.vmsNamed,
            flows: evidence.flows,
          })}
        >
          <Status {...CONFIDENCE[evidence.confidence]}>
            {t(`recommendations.confidences.${evidence.confidence}`)}
          </Status>
        </span>
      ),
    },
    {
      id: 'flows',
      header: t('recorded.connections'),
      width: 112,
      numeric: true,
      sort: ({ evidence }) => evidence.flows,
      text: ({ evidence }) => String(evidence.flows),
      cell: ({ evidence }) => format.count(evidence.flows),
    },
    {
      id: 'days',
      header: t('recommendations.days'),
      width: 80,
      numeric: true,
      from: 'md',
      sort: ({ evidence }) => evidence.days,
      text: ({ evidence }) => `${evidence.days} / ${ofDays}`,
      cell: ({ evidence }) => `${evidence.days} / ${ofDays}`,
    },
    {
      id: 'vms',
      header: t('recommendations.vms'),
      width: 90,
      numeric: true,
      from: 'md',
      sort: ({ evidence }) => evidence.vmsSeen,
      text: ({ evidence }) => `${evidence.vmsSeen} / ${evidence.vmsNamed}`,
      cell: ({ evidence }) => `${evidence.vmsSeen} / ${evidence.vmsNamed}`,
    },
  ];
}

type OutlierRow = PolicyRecommendation['outliers'][number];

export function useOutlierColumns(): readonly Column<OutlierRow>[] {
  const { t } = useTranslation();
  const talk = useTalkColumns<OutlierRow>();
  return [
    {
      id: 'reason',
      header: t('recommendations.reason'),
      width: 140,
      text: ({ reason }) => t(`recommendations.reasons.${reason}`),
      cell: ({ reason }) => t(`recommendations.reasons.${reason}`),
    },
    ...talk,
  ];
}
