import { NAME_KINDS } from '@hypervigil/model';
import { flowQueryOf } from './flow-filter.ts';
import type { NameQuery } from './queries.ts';

/** What of an address bar says which names: time, VM, gateway and address are written as they are for flows. */
export function nameQueryOf(url: Readonly<Record<string, string | undefined>>): NameQuery {
  const { window, from, to, vmId, gatewayId, address, name } = flowQueryOf(url);
  const kind = NAME_KINDS.find((one) => one === url['kind']);
  const fields = { window, from, to, vmId, gatewayId, address, name, kind };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as NameQuery;
}
