import type { PolicyComparison, ReachDifference } from '@hypervigil/contract';
import { syntheticRule } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { AllowIcon, DenyIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { Panel } from '../../ui/Panel.tsx';

const ENDS = 4;

/** What gets through in the one and not in the other, on the cloud as it is now. */
export function ReachDifferences({ comparison }: { readonly comparison: PolicyComparison }) {
  const { t } = useTranslation();
  const { reach, moreReach } = comparison;
  const decider = ({ rule, ruleNum }: ReachDifference['before']): string => {
    const synthetic = syntheticRule(ruleNum);
    if (rule !== null) return `${rule.policy} / ${rule.name}`;
    return synthetic === undefined ? String(ruleNum) : t(`synthetic.${synthetic}`);
  };
  return (
    <Panel title={t('history.reach')}>
      {reach.length === 0 && <p>{t('history.reachSame')}</p>}
      {reach.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
        <figure className="hv-scroll-x" tabIndex={0} aria-label={t('history.reach')}>
          <table className="hv-plain-table">
            <thead>
              <tr>
                <th>{t('history.change')}</th>
                <th>{t('policy.from')}</th>
                <th>{t('policy.to')}</th>
                <th>{t('policy.services')}</th>
                <th>{t('history.decidedBefore')}</th>
                <th>{t('history.decidedAfter')}</th>
              </tr>
            </thead>
            <tbody>
              {reach.map((one) => (
                <tr key={JSON.stringify(one)}>
                  <td>
                    <Status
                      {...(one.change === 'opened'
                        ? ({ tone: 'teal', icon: AllowIcon } as const)
                        : ({ tone: 'red', icon: DenyIcon } as const))}
                    >
                      {t(`history.changes.${one.change}`)}
                    </Status>
                  </td>
                  <td>{endText(one.from)}</td>
                  <td>{endText(one.to)}</td>
                  <td>{one.services.join(', ')}</td>
                  <td>{decider(one.before)}</td>
                  <td>{decider(one.after)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </figure>
      )}
      {moreReach && <p className="hv-muted">{t('history.moreReach', { count: reach.length })}</p>}
    </Panel>
  );
}

function endText({ groups, tenants, vms, vmCount, cidrs, cidrCount }: ReachDifference['from']): string {
  const all = [...groups, ...tenants, ...vms].map(({ name }) => name).concat(cidrs);
  const shown = all.slice(0, ENDS);
  const count = groups.length + tenants.length + vmCount + cidrCount;
  return [...shown, ...(count > shown.length ? [`+${count - shown.length}`] : [])].join(', ');
}
