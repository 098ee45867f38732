import type { FlowEdge } from '@hypervigil/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { edgesOptions, useCollection } from '../../data/queries.ts';
import { useRuleWords } from '../../data/rules.ts';
import { serviceName } from '../../ui/format.ts';
import { DenyIcon } from '../../ui/icons.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useFormat } from '../../ui/use-format.ts';

const SHOWN = 6;

/** Who was refused most: the first place to look for a mistake in the policy, or for somebody who tries doors. */
export function TopDenied() {
  const { t } = useTranslation();
  const format = useFormat();
  const vms = useCollection('vms').byId;
  const ruleWords = useRuleWords();
  const edges = useQuery(edgesOptions({ verdict: 'deny', window: 3600 }));
  const top = [...(edges.data?.items ?? [])].sort((a, b) => b.flows - a.flows).slice(0, SHOWN);
  const name = (end: FlowEdge['src']) => vms.get(end.vmId ?? '')?.name ?? end.ip;
  const search = (edge: FlowEdge): Record<string, string> => ({
    verdict: 'deny',
    port: String(edge.port),
    ...(edge.src.vmId === null ? { address: edge.src.ip } : { vm: edge.src.vmId }),
    ...(edge.dst.vmId === null ? {} : edge.src.vmId === null ? { vm: edge.dst.vmId } : { peer: edge.dst.vmId }),
  });
  return (
    <Panel
      title={t('overview.denies')}
      source={
        <Link to="/flows" search={{ verdict: 'deny' }}>
          {t('overview.seeFlows')}
        </Link>
      }
    >
      {top.length === 0 ? (
        <p className="hv-muted">{t('overview.noDenies')}</p>
      ) : (
        <ol className="hv-denied">
          {top.map((edge) => (
            <li key={`${edge.src.ip} ${edge.dst.ip} ${edge.protocol} ${edge.port} ${edge.ruleNum}`}>
              <Link to="/flows" search={search(edge)} className="hv-denied__link">
                <DenyIcon />
                <span className="hv-denied__what">
                  <span>
                    {name(edge.src)} → {name(edge.dst)}
                  </span>
                  <span className="hv-muted">
                    <code>{serviceName(edge.protocol, edge.port)}</code> · {ruleWords(edge).name}
                  </span>
                </span>
                <span className="hv-numeric">{format.count(edge.flows)}</span>
              </Link>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
