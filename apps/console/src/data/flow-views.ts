import { FLOW_GROUP_FIELDS, FLOW_TOP_ORDERS, type FlowViewQuestion, quotedInFlowQuery } from '@hypervigil/model';
import { FLOW_KEYS, type FlowKey, WINDOWS } from './flow-filter.ts';
import { joined } from './flow-query.ts';

type Url = Readonly<Record<string, string | undefined>>;
/** The tenant is the reader's scope on every screen, and no part of a question. */
type AskedKey = Exclude<FlowKey, 'filter' | 'tenant'>;
const ASKED_KEYS = FLOW_KEYS.filter((key): key is AskedKey => key !== 'filter' && key !== 'tenant');

/** What a thing is called that nothing else of its kind is called; otherwise its id. */
export type CalledBy = (kind: AskedKey, id: string) => string;

const is = (field: string) => (value: string) => `${field} = ${quotedInFlowQuery(value)}`;
/** What each chip of the address bar is in the language of filters. */
const TESTS: Readonly<Record<AskedKey, (value: string) => string>> = {
  vm: is('vm'),
  peer: is('vm'),
  host: is('host'),
  network: is('network'),
  address: is('ip'),
  port: is('port'),
  protocol: is('protocol'),
  verdict: is('verdict'),
  rule: is('rule'),
  pending: is('pending'),
  pendingRule: is('pending.rule'),
  inspection: is('inspection'),
  gateway: is('gateway'),
  application: is('application'),
  name: (value) => `name contains ${quotedInFlowQuery(value)}`,
  risk: is('risk'),
  signature: is('signature'),
};

/** The question that an address bar asks, all of it in the language of filters. */
export function questionOf(url: Url, calledBy: CalledBy): FlowViewQuestion {
  const { from, to } = url;
  const times = from ? [`time >= ${from}`, ...(to ? [`time < ${to}`] : [])] : [];
  const chips = ASKED_KEYS.flatMap((key) => (url[key] ? [TESTS[key](calledBy(key, url[key]))] : []));
  const groupBy = FLOW_GROUP_FIELDS.find((field) => field === url['by']) ?? 'src.ip';
  return {
    filter: joined(url['filter'] ?? '', [...chips, ...times]),
    window: from ? null : windowOf(url['window']),
    groupBy,
    thenBy: FLOW_GROUP_FIELDS.find((field) => field === url['and'] && field !== groupBy) ?? null,
    order: FLOW_TOP_ORDERS.find((order) => order === url['top']) ?? 'bytes',
    columns: (url['columns'] ?? '').split(',').filter(Boolean),
  };
}

const windowOf = (text: string | undefined): FlowViewQuestion['window'] => {
  const window = WINDOWS.find((one) => one === text);
  return window === undefined ? null : (Number(window) as NonNullable<FlowViewQuestion['window']>);
};

/** What an address bar has to say for a question to be asked, and no more than it. */
export function urlOf({ filter, window, groupBy, thenBy, order, columns }: FlowViewQuestion) {
  return {
    ...Object.fromEntries(ASKED_KEYS.map((key) => [key, undefined])),
    ...{ from: undefined, to: undefined },
    filter: filter || undefined,
    window: window === null ? undefined : String(window),
    by: groupBy === 'src.ip' ? undefined : groupBy,
    and: thenBy ?? undefined,
    top: order === 'bytes' ? undefined : order,
    columns: columns.join(',') || undefined,
  };
}

/** Whether an address bar asks something else than this. */
export function isChanged(view: FlowViewQuestion, url: Url): boolean {
  const { from, to } = url;
  const asked = urlOf(questionOf(url, (_, id) => id));
  return Boolean(from ?? to) || Object.entries(urlOf(view)).some(([key, value]) => asked[key as 'filter'] !== value);
}
