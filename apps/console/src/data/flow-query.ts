import {
  FLOW_FIELD_NAMES,
  type FlowFieldName,
  type FlowGroupField,
  type NamedThing,
  parseFlowQuery,
  quotedInFlowQuery,
  TENANT_FLOW_FIELDS,
  timeBounds,
} from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { sessionOptions, useCollection } from './queries.ts';

/** The text of a filter when it can be read; whether it speaks of the time. */
export function readFilter(text: string | undefined): { text: string; timed: boolean } | undefined {
  const trimmed = text?.trim() ?? '';
  const parsed = parseFlowQuery(trimmed, { nowMs: Date.now() });
  if ('mistake' in parsed || parsed.expression === null) return undefined;
  return { text: trimmed, timed: Number.isFinite(timeBounds(parsed.expression).fromMs) };
}

/** The same filter, and that a field has this value. */
export function narrowedBy(filter: string, field: FlowGroupField, value: string | number | null): string {
  // An application is told with what carries it: `TLS.Wikipedia` is both.
  const values = field === 'application' && typeof value === 'string' ? value.split('.') : [value];
  const tests = values.map((one) => `${field} = ${one === null ? 'none' : quotedInFlowQuery(String(one))}`);
  return joined(filter, tests);
}

/** The same filter, and that all of these are true. */
export function joined(filter: string, tests: readonly string[]): string {
  const text = filter.trim();
  if (text === '' || tests.length === 0) return text || tests.join(' and ');
  const parsed = parseFlowQuery(text, { nowMs: 0 });
  const loose = !('mistake' in parsed) && parsed.expression?.op === 'or';
  return [loose ? `(${text})` : text, ...tests].join(' and ');
}

/** Fields that the reader may ask for. */
export function useFlowFields(): readonly FlowFieldName[] {
  const session = useQuery(sessionOptions).data;
  return session === undefined || session.user.tenantId === null ? FLOW_FIELD_NAMES : TENANT_FLOW_FIELDS;
}

/** Names of things that a filter may speak of. */
export function useFlowNames(): (thing: NamedThing) => readonly string[] {
  const vms = useCollection('vms').items;
  const tenants = useCollection('tenants').items;
  const groups = useCollection('groups').items;
  const networks = useCollection('networks').items;
  const hosts = useCollection('hosts').items;
  const policies = useCollection('policies').items;
  return useCallback(
    (thing) => {
      const named = {
        ...{ vm: vms, tenant: tenants, group: groups, network: networks, host: hosts, policy: policies },
        gateway: [],
      };
      if (thing === 'rule') return policies.flatMap(({ rules }) => rules.map(({ name }) => name));
      return named[thing].map(({ name }) => name);
    },
    [vms, tenants, groups, networks, hosts, policies],
  );
}
