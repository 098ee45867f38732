import { findingText, languageOf, type PolicyFinding } from '@hypervigil/contract';
import { Button } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Findings, packetService, packetText } from '../../data/analysis.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { RefreshIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { FINDING_CODES, FINDING_LOOK } from './finding-look.ts';

/** Of every kind. */
const ALL = 'all';

/** All that is wrong with the rules, by kind or of one rule; each leads to its rule and shows a packet. */
export function FindingsPanel({ findings }: { readonly findings: Findings }) {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const kind = url['findings'] ?? ALL;
  const codes = FINDING_CODES.map((code) => ({
    code,
    count: findings.items.filter((finding) => finding.code === code).length,
  })).filter(({ count }) => count > 0);
  const shown = FINDING_CODES.filter((code) => kind === ALL || code === kind).flatMap((code) =>
    findings.items.filter((finding) => finding.code === code),
  );
  return (
    <>
      <div className="hv-row">
        <Button
          variant="secondary"
          size="sm"
          icon={<RefreshIcon />}
          isLoading={findings.state === 'running'}
          onClick={findings.run}
        >
          {t('findings.run')}
        </Button>
        <span className="hv-muted" role="status">
          {t(`findings.states.${findings.state}`)}
        </span>
      </div>
      {findings.state === 'failed' && <ErrorPanel error={findings.error} title={t('findings.failed')} />}
      {codes.length > 1 && (
        <fieldset className="hv-kinds">
          <legend className="hv-hidden">{t('findings.kind')}</legend>
          {[{ code: ALL, count: findings.items.length } as const, ...codes].map(({ code, count }) => (
            <button
              key={code}
              type="button"
              className="hv-kind"
              aria-pressed={kind === code}
              onClick={() => patch({ findings: code })}
            >
              {t(`findings.codes.${code}`)} <span className="hv-muted">{count}</span>
            </button>
          ))}
        </fieldset>
      )}
      {findings.state === 'current' && findings.items.length === 0 && <p>{t('findings.none')}</p>}
      <ol className="hv-findings">
        {shown.map((finding) => (
          <FindingItem key={`${finding.rule.id} ${finding.code} ${finding.reason}`} finding={finding} kind={kind} />
        ))}
      </ol>
      {findings.total > findings.items.length && (
        <p className="hv-muted">{t('common.more', { count: findings.total - findings.items.length })}</p>
      )}
    </>
  );
}

function FindingItem({ finding, kind }: { readonly finding: PolicyFinding; readonly kind: string }) {
  const { t, i18n } = useTranslation();
  const [url] = useUrl();
  const { rule, code, witness, others } = finding;
  const link = (to: PolicyFinding['rule']) => ({ id: to.policyId, rule: String(to.num), findings: kind });
  return (
    <li aria-current={url['rule'] === String(rule.num) ? 'true' : undefined}>
      <Status {...FINDING_LOOK[code]}>{t(`findings.codes.${code}`)}</Status>
      <Link to="/policy" search={link(rule)} className="hv-findings__rule">
        {rule.name}
      </Link>
      <span className="hv-muted hv-small">
        {t(`policy.tier.${rule.tier}`)} · {rule.policy}
      </span>
      <p>{findingText(languageOf(i18n.language), finding)}</p>
      {others.length > 0 && (
        <p className="hv-small">
          {t('findings.others')}{' '}
          {others.map((other) => (
            <Link key={other.id} to="/policy" search={link(other)} className="hv-findings__other">
              {other.name}
            </Link>
          ))}
        </p>
      )}
      {witness !== null && (
        <p className="hv-small">
          {t('findings.packet', { network: witness.network.name })}{' '}
          <Link to="/reach" search={{ from: witness.src, to: witness.dst, service: packetService(witness) }}>
            <Mono>{packetText(witness)}</Mono>
          </Link>
        </p>
      )}
    </li>
  );
}
