import { INSPECTION_OUTCOMES } from '@hypervigil/model';
import { SearchInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FLOW_KEYS, type FlowKey, PENDING, parseFlowSearch } from '../../data/flow-filter.ts';
import { useGatewayName, useRiskName } from '../../data/inspection.ts';
import { useCollection } from '../../data/queries.ts';
import { useRuleWords } from '../../data/rules.ts';
import { type FilterChip, FilterChips } from '../../ui/FilterChips.tsx';
import { FilterSelect } from '../../ui/FilterSelect.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { TimeWindow } from './TimeWindow.tsx';

/** One field for whatever people paste, and selects for what has few values. */
export function FlowFilters() {
  return (
    <>
      <FlowSearch />
      <FlowChoices />
    </>
  );
}

function FlowSearch() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const [text, setText] = useState('');
  const [unknown, setUnknown] = useState(false);
  const vms = useCollection('vms');
  const apply = () => {
    if (text.trim() === '') return;
    const found = parseFlowSearch(text, vms.items);
    setUnknown(found === undefined);
    if (found === undefined) return;
    // A second VM means: between these two.
    const { vm } = found;
    patch(vm !== undefined && url['vm'] !== undefined && url['vm'] !== vm ? { peer: vm } : found);
    setText('');
  };
  return (
    <div className="hv-search-help">
      <SearchInput
        className="hv-search"
        data-hv-search=""
        aria-label={t('flows.searchLabel')}
        placeholder={t('flows.searchHint')}
        value={text}
        aria-invalid={unknown}
        onChange={(_, value) => {
          setText(value);
          setUnknown(false);
        }}
        onSearch={apply}
        onClear={() => setText('')}
      />
      {unknown && (
        <span role="alert" className="hv-search-help__bad">
          {t('flows.searchUnknown')}
        </span>
      )}
    </div>
  );
}

/** Time, and selects for what has few values. */
export function FlowChoices() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  return (
    <>
      <TimeWindow />
      <FilterSelect
        label={t('flows.verdict')}
        value={url['verdict']}
        choices={(['allow', 'deny'] as const).map((value) => ({ value, label: t(`flows.verdicts.${value}`) }))}
        onChange={(verdict) => patch({ verdict })}
      />
      <FilterSelect
        label={t('flows.pending')}
        value={url['pending']}
        choices={PENDING.map((value) => ({ value, label: t(`flows.pendings.${value}`) }))}
        onChange={(pending) => patch({ pending })}
      />
      <FilterSelect
        label={t('flows.inspection')}
        value={url['inspection']}
        choices={INSPECTION_OUTCOMES.map((value) => ({ value, label: t(`flows.inspections.${value}`) }))}
        onChange={(inspection) => patch({ inspection })}
      />
    </>
  );
}

/** The filters in force, by name. */
export function FlowChips({ except = [] }: { readonly except?: readonly FlowKey[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [url, patch] = useUrl();
  const ruleWords = useRuleWords();
  const gatewayName = useGatewayName();
  const riskName = useRiskName();
  const names = {
    vm: useCollection('vms').byId,
    tenant: useCollection('tenants').byId,
    host: useCollection('hosts').byId,
    network: useCollection('networks').byId,
  };
  const wordsOf = (key: FlowKey, value: string): string => {
    if (key === 'vm' || key === 'peer') return names.vm.get(value)?.name ?? value;
    if (key === 'tenant' || key === 'host' || key === 'network') return names[key].get(value)?.name ?? value;
    if (key === 'verdict' && (value === 'allow' || value === 'deny')) return t(`flows.verdicts.${value}`);
    const pending = key === 'pending' && PENDING.find((one) => one === value);
    if (pending) return t(`flows.pendings.${pending}`);
    const outcome = key === 'inspection' && INSPECTION_OUTCOMES.find((one) => one === value);
    if (outcome) return t(`flows.inspections.${outcome}`);
    if (key === 'risk') return riskName(Number(value));
    if (key === 'gateway') return gatewayName({ gatewayId: value, gatewayNum: null });
    if (key === 'rule' || key === 'pendingRule')
      return ruleWords({ ruleNum: Number(value), ruleId: null, policyId: null }).name;
    return value;
  };
  const chips: FilterChip[] = FLOW_KEYS.filter((key) => !except.includes(key)).flatMap((key) => {
    const value = url[key];
    return value ? [{ key, name: t(`flows.${key}`), value: wordsOf(key, value) }] : [];
  });
  const { from, to } = url;
  if (from)
    chips.push({
      key: 'from',
      name: t('flows.time'),
      value: t('flows.between', { from: format.clock(from), to: to ? format.clock(to) : '' }),
    });
  const remove = (key: string) => patch(key === 'from' ? { from: undefined, to: undefined } : { [key]: undefined });
  const clear = () =>
    patch(Object.fromEntries([...chips.map((chip) => chip.key), 'to'].map((key) => [key, undefined])));
  return <FilterChips chips={chips} onRemove={remove} onClear={clear} />;
}
