import type { FlowFilter } from '@hypervigil/contract';
import type { Access } from '../access/access.ts';
import { flowsCsv, namesCsv } from '../flows/csv.ts';
import { flowsJson, flowsParquet } from '../flows/files.ts';
import { flowHealth } from '../flows/health.ts';
import { eachName, listNames } from '../flows/names.ts';
import * as flows from '../flows/queries.ts';
import { flowQuestion } from '../flows/question.ts';
import { flowReader } from '../flows/reader.ts';
import { topFlows } from '../flows/top.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** Recorded flows, and names that were asked for. */
export function flowsHandlers(deps: HandlerDeps) {
  const { db, origins } = deps;
  const each = async (access: Access, query: FlowFilter) =>
    flows.eachFlow(deps.flows, await flowQuestion(db, access, query), origins.of);
  return {
    listFlows: async ({ query, access }) =>
      flows.listFlows(deps.flows, await flowQuestion(db, access, query), query, origins.of),
    exportFlows: async ({ query, access }) => flowsCsv(await each(access, query)),
    exportFlowsJson: async ({ query, access }) => flowsJson(await each(access, query)),
    exportFlowsParquet: async ({ query, access }) => flowsParquet(await each(access, query)),
    topFlows: async ({ query, access }) => topFlows({ ...deps, access }, await flowQuestion(db, access, query), query),
    listEdges: async ({ query, access }) =>
      flows.listEdges(deps.flows, await flowQuestion(db, access, query), query.limit),
    flowSeries: async ({ query, access }) =>
      flows.flowSeries(deps.flows, await flowQuestion(db, access, query), query.buckets),
    getFlowHealth: () => flowHealth(db, deps.flows, deps.flowLimits),
    listNames: async ({ query, access }) => listNames(deps.flows, query, await flowReader(db, access, query.vmId)),
    exportNames: async ({ query, access }) =>
      namesCsv(await eachName(deps.flows, query, await flowReader(db, access, query.vmId))),
  } satisfies Part;
}
