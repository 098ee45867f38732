import { findingText, languageOf, type PolicyFinding } from '@hypervigil/contract';
import { Tooltip } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { packetText } from '../../data/analysis.ts';
import { Mono } from '../../ui/Mono.tsx';
import { FINDING_LOOK, worstOf } from './finding-look.ts';

interface Props {
  readonly rule: string;
  readonly findings: readonly PolicyFinding[] | undefined;
  readonly onOpen: () => void;
}

/** What is wrong with a rule, at the rule: the worst as an icon, all of it when pointed at or focused. */
export function FindingMark({ rule, findings = [], onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const worst = worstOf(findings);
  if (worst === undefined) return null;
  const { tone, icon: Icon } = FINDING_LOOK[worst];
  return (
    <Tooltip
      isContentLeftAligned
      maxWidth="26rem"
      content={
        <ul className="hv-finding-tip">
          {findings.map((finding) => (
            <li key={`${finding.code} ${finding.reason}`}>
              <strong>{t(`findings.codes.${finding.code}`)}</strong> {findingText(languageOf(i18n.language), finding)}
              {finding.witness !== null && (
                <div>
                  <Mono>{packetText(finding.witness)}</Mono>
                </div>
              )}
            </li>
          ))}
        </ul>
      }
    >
      <button
        type="button"
        className={`hv-finding-mark hv-tone-${tone}`}
        aria-label={t('findings.ofRule', { count: findings.length, rule })}
        onClick={onOpen}
      >
        <Icon />
        {findings.length > 1 && <span>{findings.length}</span>}
      </button>
    </Tooltip>
  );
}
