import type { FlowFilter as ApiFilter } from '@hypervigil/contract';
import type { FlowFilter } from '@hypervigil/flowstore';
import {
  FLOW_FIELD_NAMES,
  type FlowExpression,
  type FlowQueryMistake,
  parseFlowQuery,
  resolveNames,
  TENANT_FLOW_FIELDS,
  timeBounds,
} from '@hypervigil/model';
import type { Access } from '../access/access.ts';
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
  const expression = await expressionOf(db, access, asked.filter ?? '', reader);
  const filter: FlowQuestion['filter'] = {
    ...pickFilter(asked),
    text: asked.q,
    ...timesOf(asked.from, asked.to, timeBounds(expression)),
    ...(expression !== null && { expression }),
  };
  return { filter: readBy(reader, filter), reader };
}

async function expressionOf(
  db: Database,
  access: Access,
  text: string,
  reader: FlowReader,
): Promise<FlowExpression | null> {
  const fields = reader === null ? FLOW_FIELD_NAMES : TENANT_FLOW_FIELDS;
  const parsed = parseFlowQuery(text, { nowMs: Date.now(), fields });
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
