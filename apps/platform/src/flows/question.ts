import type { FlowFilter as ApiFilter } from '@hypervigil/contract';
import type { FlowFilter } from '@hypervigil/flowstore';
import {
  FLOW_FIELD_NAMES,
  type FlowExpression,
  type FlowFieldName,
  type FlowQueryMistake,
  parseFlowQuery,
  resolveNames,
  TENANT_FLOW_FIELDS,
  timeBounds,
} from '@hypervigil/model';
import type { Access } from '../access/access.ts';
import { isProviders } from '../access/cut.ts';
import { badField } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { namesKnownTo, thingsNamedIn } from './names-known.ts';
import { type FlowReader, flowReader, readBy } from './reader.ts';
import { timesOf } from './times.ts';

/** What somebody asks of the flow store, and who it is. */
export interface FlowQuestion {
  readonly filter: FlowFilter & { readonly fromMs: number; readonly toMs: number };
  readonly reader: FlowReader;
}

type Asked = ApiFilter & { readonly q?: string | undefined };

/**
 * A question as the store understands it, cut to what the person may see.
 * @throws ApiFailure `invalid-request` for a filter that cannot be read, at its place; `not-permitted`
 */
export async function flowQuestion(db: Database, access: Access, asked: Asked): Promise<FlowQuestion> {
  const reader = await flowReader(db, access, asked.vmId);
  const expression = await requireFilter(db, access, asked.filter ?? '');
  const filter: FlowQuestion['filter'] = {
    ...pickFilter(asked),
    text: asked.q,
    ...timesOf(asked.from, asked.to, timeBounds(expression)),
    ...(expression !== null && { expression }),
  };
  return { filter: readBy(reader, filter), reader };
}

/** Fields that a person may ask for. */
export const fieldsOf = (access: Access): readonly FlowFieldName[] =>
  isProviders(access) ? FLOW_FIELD_NAMES : TENANT_FLOW_FIELDS;

/**
 * What a filter means, with its names looked up among what the person may know.
 * @throws ApiFailure `invalid-request` for one that cannot be read, at its place
 */
export async function requireFilter(db: Database, access: Access, text: string): Promise<FlowExpression | null> {
  const parsed = parseFlowQuery(text, { nowMs: Date.now(), fields: fieldsOf(access) });
  if ('mistake' in parsed) throw badFilter(parsed.mistake);
  if (parsed.expression === null) return null;
  const known = await namesKnownTo(db, access, new Set(thingsNamedIn(parsed.expression)));
  const resolved = resolveNames(parsed.expression, (thing) => known.get(thing) ?? []);
  if ('mistake' in resolved) throw badFilter(resolved.mistake);
  return resolved.expression;
}

const badFilter = (mistake: FlowQueryMistake) => badField('filter', mistake);

function pickFilter(filter: ApiFilter): FlowFilter {
  const { vmId, peerVmId, tenantId, hostId, networkId, address, port, protocol } = filter;
  const { verdict, ruleId, ruleNum, pending, pendingRuleNum, inspection, gatewayId } = filter;
  const { application, name, risk, signature } = filter;
  return {
    ...{ vmId, peerVmId, tenantId, hostId, networkId, address, port, protocol },
    ...{ verdict, ruleId, ruleNum, pending, pendingRuleNum, inspection, gatewayId },
    ...{ application, name, risk, signature },
  };
}
