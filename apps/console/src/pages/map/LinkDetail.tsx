import type { FlowEdge } from '@hypervigil/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { useRuleWords } from '../../data/rules.ts';
import type { SceneLink } from '../../map/scene.ts';
import { Facts } from '../../ui/Facts.tsx';
import { serviceName } from '../../ui/format.ts';
import { VerdictLabel } from '../../ui/labels.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { useFormat } from '../../ui/use-format.ts';

const SHOWN = 40;

/** One line of the map: both directions, and the rule that decided each service. */
export function LinkDetail({ link, brief = false }: { readonly link: SceneLink; readonly brief?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const vms = useCollection('vms').byId;
  const ruleWords = useRuleWords();
  const name = (end: FlowEdge['src']) => vms.get(end.vmId ?? '')?.name ?? end.ip;
  const ends = (edge: FlowEdge) => `${name(edge.src)} → ${name(edge.dst)}`;
  const rules = [...Map.groupBy(link.edges, (edge) => edge.ruleNum).values()].map((edges) => edges[0]!);
  const pendingFlows = link.edges.reduce((sum, edge) => sum + edge.pendingFlows, 0);
  if (brief)
    return (
      <>
        <strong>{ends(link.edges[0]!)}</strong>
        <span>
          <VerdictLabel verdict={link.verdict} /> <code>{link.services.slice(0, 3).join(' ')}</code>
        </span>
        <span className="hv-muted">
          {t('map.forward')} {format.bytes(link.bytes)} · {t('map.reply')} {format.bytes(link.replyBytes)} ·{' '}
          {t('map.flowsN', { count: link.flows })}
        </span>
        <span className="hv-muted">
          {t('map.decidedBy')}{' '}
          {rules
            .slice(0, 2)
            .map((edge) => ruleWords(edge).name)
            .join(', ')}
        </span>
      </>
    );
  return (
    <>
      {rules.map((edge) => {
        const rule = ruleWords(edge);
        return (
          <div key={edge.ruleNum} className={`hv-decision hv-decision--${edge.verdict}`}>
            <VerdictLabel verdict={edge.verdict} />
            <div>
              <strong>{rule.name}</strong>
              {rule.detail !== '' && <p>{rule.detail}</p>}
              {rule.policyId !== undefined && (
                <Link to="/policy" search={{ id: rule.policyId, rule: String(edge.ruleNum) }}>
                  {t('flows.openPolicy')}
                </Link>
              )}
            </div>
          </div>
        );
      })}
      <Facts
        narrow
        facts={[
          { name: t('overview.traffic'), value: format.count(link.flows) },
          ...(pendingFlows > 0 ? [{ name: t('flows.wouldChange'), value: format.count(pendingFlows) }] : []),
          { name: t('map.forward'), value: format.bytes(link.bytes) },
          { name: t('map.reply'), value: format.bytes(link.replyBytes) },
          { name: t('flows.last'), value: <RelativeTime at={link.lastAt} /> },
        ]}
      />
      <section>
        <h3>{t('map.services', { count: link.edges.length })}</h3>
        <ul className="hv-plain-list">
          {link.edges.slice(0, SHOWN).map((edge) => (
            <li key={`${edge.src.ip} ${edge.dst.ip} ${edge.protocol} ${edge.port} ${edge.ruleNum}`}>
              <span>{ends(edge)}</span>
              <span className="hv-muted">
                <code>{serviceName(edge.protocol, edge.port)}</code> · {format.bytes(edge.bytes + edge.replyBytes)}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
