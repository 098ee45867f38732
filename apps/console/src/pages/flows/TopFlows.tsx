import type { FlowGroup } from '@hypervigil/contract';
import { FLOW_GROUP_FIELDS, FLOW_TOP_ORDERS, type FlowGroupField } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { narrowedBy, useFlowFields } from '../../data/flow-query.ts';
import { type FlowQuery, topFlowsOptions } from '../../data/queries.ts';
import { useRuleWords } from '../../data/rules.ts';
import { problemAt, useErrorText } from '../../ui/error-text.ts';
import { protocolName, systemName } from '../../ui/format.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';

const SHOWN = 8;

/** What is known by a number, and by a name besides. */
const isSystem = (field: FlowGroupField) => field === 'src.asn' || field === 'dst.asn';

/** The groups with the most, by one field or two; a click asks for one of them alone. */
export function TopFlows({ query }: { readonly query: FlowQuery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [url, patch] = useUrl();
  const ruleWords = useRuleWords();
  const fields = useFlowFields();
  const choices = FLOW_GROUP_FIELDS.filter((field) => fields.includes(field));
  const groupBy = choices.find((field) => field === url['by']) ?? 'src.ip';
  const thenBy = choices.find((field) => field === url['and'] && field !== groupBy);
  const order = FLOW_TOP_ORDERS.find((one) => one === url['top']) ?? 'bytes';
  const top = useQuery(topFlowsOptions(query, { groupBy, ...(thenBy && { thenBy }), order, limit: SHOWN }));
  const error = useErrorText(top.error);
  const by = thenBy === undefined ? [groupBy] : [groupBy, thenBy];

  const amount = ({ bytes, replyBytes, packets, replyPackets, flows }: FlowGroup) =>
    ({ bytes: bytes + replyBytes, packets: packets + replyPackets, flows })[order];
  const shown = (n: number) => (order === 'bytes' ? format.bytes(n) : format.count(n));
  const word = (field: FlowGroupField, value: FlowGroup['values'][number], name: string | null | undefined): string => {
    if (value === null) return t('flows.noValue');
    if (field === 'rule' || field === 'pending.rule')
      return ruleWords({ ruleNum: Number(value), ruleId: null, policyId: null }).name;
    if (field === 'protocol') return protocolName(Number(value));
    if (field === 'verdict' && (value === 'allow' || value === 'deny')) return t(`flows.verdicts.${value}`);
    if (field === 'src.country' || field === 'dst.country') return format.country(String(value));
    if (isSystem(field)) return systemName(Number(value), name);
    return name ?? String(value);
  };
  const narrow = (group: FlowGroup) =>
    patch({
      filter: by.reduce(
        (filter, field, n) =>
          narrowedBy(filter, field, (isSystem(field) ? null : group.names[n]) ?? group.values[n] ?? null),
        url['filter'] ?? '',
      ),
    });
  const { items = [], total } = top.data ?? {};
  const most = Math.max(1, ...items.map(amount));
  const whole = total === undefined ? 0 : total[order];
  return (
    <section className="hv-top" aria-label={t('flows.top')}>
      <div className="hv-top__head">
        <span className="hv-chart__title">{t('flows.top')}</span>
        <select aria-label={t('flows.groupBy')} value={groupBy} onChange={(e) => patch({ by: e.target.value })}>
          {choices.map((field) => (
            <option key={field}>{field}</option>
          ))}
        </select>
        <select
          aria-label={t('flows.thenBy')}
          value={thenBy ?? ''}
          onChange={(e) => patch({ and: e.target.value || undefined })}
        >
          <option value="">{t('flows.noSecond')}</option>
          {choices
            .filter((field) => field !== groupBy)
            .map((field) => (
              <option key={field}>{field}</option>
            ))}
        </select>
        <select aria-label={t('flows.orderBy')} value={order} onChange={(e) => patch({ top: e.target.value })}>
          {FLOW_TOP_ORDERS.map((one) => (
            <option key={one} value={one}>
              {t(`flows.orders.${one}`)}
            </option>
          ))}
        </select>
        {total !== undefined && <span className="hv-muted">{t('flows.groupCount', { count: total.groups })}</span>}
      </div>
      {top.data === undefined && top.error !== null ? (
        problemAt(top.error, 'filter') === undefined && <p className="hv-muted">{error}</p>
      ) : (
        <ol className="hv-top__list">
          {items.map((group) => {
            const name = by.map((field, n) => word(field, group.values[n] ?? null, group.names[n])).join(' · ');
            const share = whole > 0 ? amount(group) / whole : 0;
            return (
              <li key={JSON.stringify(group.values)}>
                <button type="button" className="hv-top__row" onClick={() => narrow(group)} title={name}>
                  <span className="hv-top__name">{name}</span>
                  <meter className="hv-top__bar" min={0} max={most} value={amount(group)} aria-hidden="true" />
                  <span className="hv-numeric">{shown(amount(group))}</span>
                  <span className="hv-muted hv-numeric">{format.percent(share)}</span>
                </button>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
