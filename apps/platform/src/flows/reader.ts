import type { FlowFilter } from '@hypervigil/flowstore';
import { type Id, isWhole, OBSERVED_RULES } from '@hypervigil/model';
import type { Access } from '../access/access.ts';
import { isProviders } from '../access/cut.ts';
import { ApiFailure } from '../errors.ts';
import { policiesSeenBy } from '../policy/seen.ts';
import type { Database } from '../state/database.ts';

/** Who reads flows: null is the provider's, who read all of every flow. */
export type FlowReader = {
  readonly tenantId: Id;
  /** Policies that the reader may know of. */
  readonly policies: ReadonlySet<Id>;
} | null;

/**
 * @throws ApiFailure `not-permitted` when somebody whose rights are for a part of a tenant does not say which VM's flows:
 *   what is recorded is found by tenant and by VM
 */
export async function flowReader(db: Database, access: Access, vmId: Id | undefined): Promise<FlowReader> {
  const { tenantId, scope } = access.person;
  if (isProviders(access) || tenantId === null) return null;
  if (!isWhole(scope) && vmId === undefined)
    throw new ApiFailure('not-permitted', { permission: 'flow:read', denial: 'out-of-scope' });
  return { tenantId, policies: new Set((await policiesSeenBy(db, access)).map(({ id }) => id)) };
}

interface End {
  readonly tenantId: Id | null;
  readonly vmId: Id | null;
}

/** An end of a flow that is not the reader's is an address and nothing more. */
export function cutEnd<E extends End>(reader: FlowReader, end: E): E {
  if (reader === null || end.tenantId === reader.tenantId) return end;
  return {
    ...end,
    tenantId: null,
    vmId: null,
    ...('vnicId' in end && { vnicId: null }),
    ...('mac' in end && { mac: null }),
  };
}

/** A rule that the reader may not know of has a number and no name. */
export function cutRule<R extends { readonly ruleId: Id | null; readonly policyId: Id | null }>(
  reader: FlowReader,
  rule: R,
): R {
  if (reader === null || rule.policyId === null || reader.policies.has(rule.policyId)) return rule;
  return { ...rule, ruleId: null, policyId: null };
}

/** Which gateway it was tells the host, too. */
export function cutGateway<
  G extends { readonly gatewayNum: number | null; readonly gatewayId: Id | null; readonly gateways?: unknown[] },
>(reader: FlowReader, seen: G): G {
  if (reader === null) return seen;
  return { ...seen, gatewayNum: null, gatewayId: null, ...(seen.gateways && { gateways: [] }) };
}

/** Of a tenant, that of which at least one end is its, and what it may know of that. What exporters tell is the provider's. */
export const readBy = <F extends FlowFilter>(reader: FlowReader, filter: F): F =>
  reader === null
    ? filter
    : {
        ...filter,
        tenantId: reader.tenantId,
        exceptRuleNums: [...(filter.exceptRuleNums ?? []), ...OBSERVED_RULES],
        reader: { tenantId: reader.tenantId, policies: [...reader.policies] },
      };
