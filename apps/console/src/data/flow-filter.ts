import { FLOW_WINDOWS, INSPECTION_OUTCOMES, type Vm } from '@hypervigil/model';
import { protocolNumber } from '../ui/format.ts';
import { readFilter } from './flow-query.ts';
import type { FlowQuery } from './queries.ts';

type Url = Readonly<Record<string, string | undefined>>;

/** Seconds of the sliding windows that the console offers. */
export type Window = `${(typeof FLOW_WINDOWS)[number]}`;
export const WINDOWS = FLOW_WINDOWS.map((seconds): Window => `${seconds}`);
export const DEFAULT_WINDOW: Window = '3600';

/** Fields of the flow filter as the address bar holds them: short, and the same on the map, the flow list and a VM's page. */
export const FLOW_KEYS = [
  'filter',
  'vm',
  'peer',
  'tenant',
  'host',
  'network',
  'address',
  'port',
  'protocol',
  'verdict',
  'rule',
  'pending',
  'pendingRule',
  'inspection',
  'gateway',
  'application',
  'name',
  'risk',
  'signature',
] as const;
export type FlowKey = (typeof FLOW_KEYS)[number];

/** What staged rules would make of a flow: another verdict than it has, or this one. */
export const PENDING = ['differs', 'allow', 'deny'] as const;

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const within = (text: string | undefined, max: number) =>
  text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
const instant = (text: string | undefined) =>
  text !== undefined && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined;
const id = (text: string | undefined) => (text !== undefined && UUID.test(text) ? text : undefined);

/** What of an address bar is a filter; anything that is not understood is left out rather than sent. */
export function flowQueryOf(url: Url): FlowQuery {
  const from = instant(url['from']);
  const to = instant(url['to']);
  const filter = readFilter(url['filter']);
  const window = WINDOWS.find((w) => w === url['window']);
  const time =
    from !== undefined
      ? { from, ...(to ? { to } : {}) }
      : // A filter that speaks of the time has the word, unless somebody chose otherwise.
        filter?.timed && window === undefined
        ? {}
        : { window: Number(window ?? DEFAULT_WINDOW) };
  const fields = {
    filter: filter?.text,
    vmId: id(url['vm']),
    peerVmId: id(url['peer']),
    tenantId: id(url['tenant']),
    hostId: id(url['host']),
    networkId: id(url['network']),
    address: url['address'] || undefined,
    port: within(url['port'], 65_535),
    protocol: url['protocol'] === undefined ? undefined : protocolNumber(url['protocol']),
    verdict: url['verdict'] === 'allow' || url['verdict'] === 'deny' ? url['verdict'] : undefined,
    ruleNum: within(url['rule'], 0xffff_ffff),
    pending: PENDING.find((value) => value === url['pending']),
    pendingRuleNum: within(url['pendingRule'], 0xffff_ffff),
    inspection: INSPECTION_OUTCOMES.find((value) => value === url['inspection']),
    gatewayId: id(url['gateway']),
    application: url['application']?.slice(0, 64) || undefined,
    name: url['name']?.slice(0, 255) || undefined,
    risk: within(url['risk'], 63),
    signature: within(url['signature'], 0xffff_ffff),
  };
  return {
    ...time,
    ...(Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)) as Partial<FlowQuery>),
  };
}

const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const HOST_NAME = /^[a-z0-9_*-]*(\.[a-z0-9_-]+)+\.?$/;
const IPV6 = /^[0-9a-f:]*:[0-9a-f:.]+$/i;

/**
 * One search field understands what people paste: an address, a port (`443`, `:443`), a protocol (`tcp`), a service
 * (`tcp/443`), a verdict, an application (`app:ssh`), a signature (`sid:1078001`), the name of a VM, or one that VMs asked for
 * (`example.com`).
 */
export function parseFlowSearch(text: string, vms: readonly Vm[]): Partial<Record<FlowKey, string>> | undefined {
  const value = text.trim();
  const lower = value.toLowerCase();
  const service = /^([a-z0-9]+)\/(\d{1,5})$/.exec(lower);
  if (service !== null && service[1] !== 'ip' && protocolNumber(service[1]!) !== undefined)
    return { protocol: service[1]!, port: service[2]! };
  if (lower === 'allow' || lower === 'deny') return { verdict: lower };
  if (IPV4.test(value)) return { address: value };
  const port = /^:?(\d{1,5})$/.exec(value);
  if (port !== null && Number(port[1]) <= 65_535) return { port: String(Number(port[1])) };
  if (protocolNumber(lower) !== undefined) return { protocol: lower };
  const vm =
    vms.find((v) => v.name.toLowerCase() === lower || v.id === lower || v.vnics.some((nic) => nic.mac === lower)) ??
    vms.find((v) => lower !== '' && v.name.toLowerCase().startsWith(lower));
  if (vm !== undefined) return { vm: vm.id };
  if (IPV6.test(value)) return { address: lower };
  const application = /^app:(\S{1,64})$/.exec(lower)?.[1];
  if (application !== undefined) return { application };
  const signature = /^sid:(\d{1,10})$/.exec(lower)?.[1];
  if (signature !== undefined) return { signature };
  return HOST_NAME.test(lower) ? { name: lower } : undefined;
}
