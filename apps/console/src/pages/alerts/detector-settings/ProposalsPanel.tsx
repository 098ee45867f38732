import type { DetectorProposal } from '@hypervigil/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { platform } from '../../../data/client.ts';
import { MayButton } from '../../../ui/MayButton.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useAlertText } from '../use-alert-text.ts';

interface Props {
  readonly onTake: (proposal: DetectorProposal) => void;
}

/** What people said of alerts, as settings that they may want: each is set by a person, or not at all. */
export function ProposalsPanel({ onTake }: Props) {
  const { t } = useTranslation();
  const alertText = useAlertText();
  const { data } = useQuery({
    queryKey: ['detectorSettings', 'proposals'],
    queryFn: ({ signal }) => platform.listDetectorProposals(undefined, { signal }),
  });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Panel
      className="hv-below-list"
      title={t('detectorSettings.proposals')}
      source={t('detectorSettings.proposalsSource')}
    >
      <ul className="hv-plain-list">
        {data.items.map((one) => {
          const name = one.groupName ?? t('detectorSettings.everyVm');
          const what = alertText.title(one.code);
          const sensitivity = t(`detectorSettings.sensitivities.${one.sensitivity}`);
          return (
            <li key={`${one.groupId} ${one.code}`}>
              <strong>{t('detectorSettings.proposal', { what, name, sensitivity })}</strong>
              <span>{t('detectorSettings.because', { false: one.false, expected: one.expected, count: one.vms })}</span>
              <MayButton
                permission="detector:write"
                variant="link"
                isInline
                aria-label={`${t('detectorSettings.take')}: ${what}, ${name}`}
                onClick={() => onTake(one)}
              >
                {t('detectorSettings.take')}
              </MayButton>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
