import { type FlowHealth, flowTroubleText, type Language, type TopFlows } from '@hypervigil/contract';

/** Groups of flows as people read them: what things are called, and values where nothing has a name. */
export const groupRows = ({ items }: TopFlows): object[] =>
  items.map(({ values, names, ...counters }) => ({
    group: values.map((value, n) => names[n] ?? value ?? '-').join(' · '),
    ...counters,
  }));

/** Hosts with what is wrong with their flows, in words. */
export const healthRows = ({ hosts }: FlowHealth, language: Language): object[] =>
  hosts.map(({ hostName, troubles, ...counters }) => ({
    host: hostName,
    troubles: troubles.map((trouble) => flowTroubleText(language, trouble)).join(', '),
    ...counters,
  }));

/** What is wrong beside the hosts: gateways and VMs of which nothing is told, a store that was begun anew. */
export function healthSummary({ gateways, silentVms, store }: FlowHealth, language: Language): string[] {
  const say = (code: 'gateway' | 'vms' | 'store', text: string) => `${flowTroubleText(language, code)}: ${text}`;
  const quiet = gateways.filter(({ silent }) => silent).map(({ num, hostName }) => `${num} (${hostName})`);
  const more = silentVms.total > silentVms.items.length ? ` … (${silentVms.total})` : '';
  return [
    ...(quiet.length > 0 ? [say('gateway', quiet.join(', '))] : []),
    ...(silentVms.total > 0 ? [say('vms', silentVms.items.map(({ name }) => name).join(', ') + more)] : []),
    ...(store.movedAside === null ? [] : [say('store', store.movedAside)]),
  ];
}
