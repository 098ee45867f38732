import { findingText, languageOf, type PolicyFinding } from '@hypervigil/contract';
import { Tooltip } from '@patternfly/react-core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { packetText } from '../../data/analysis.ts';
import { Mono } from '../../ui/Mono.tsx';
import { FINDING_LOOK, worstOf } from './finding-look.ts';

interface Props {
  readonly rule: string;
  readonly findings: readonly PolicyFinding[];
  readonly onOpen: () => void;
}

/** What is wrong with a rule, at the rule: the worst as an icon, all of it when pointed at or focused. */
export function FindingMark({ rule, findings, onOpen }: Props) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  // Made when it is looked at: many rules of a long table have findings, and few are looked at.
  const [near, setNear] = useState(false);
  const worst = worstOf(findings);
  if (worst === undefined) return null;
  const { tone, icon: Icon } = FINDING_LOOK[worst];
  return (
    <>
      <button
        ref={button}
        type="button"
        tabIndex={-1}
        className={`hv-finding-mark hv-tone-${tone}`}
        aria-label={t('findings.ofRule', { count: findings.length, rule })}
        onClick={onOpen}
        onPointerEnter={() => setNear(true)}
        onPointerLeave={() => setNear(false)}
        onFocus={() => setNear(true)}
        onBlur={() => setNear(false)}
      >
        <Icon />
        {findings.length > 1 && <span>{findings.length}</span>}
      </button>
      {near && (
        <Tooltip
          triggerRef={button}
          trigger="manual"
          isVisible
          isContentLeftAligned
          maxWidth="26rem"
          content={<FindingTexts findings={findings} />}
        />
      )}
    </>
  );
}

function FindingTexts({ findings }: { readonly findings: readonly PolicyFinding[] }) {
  const { t, i18n } = useTranslation();
  return (
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
  );
}
