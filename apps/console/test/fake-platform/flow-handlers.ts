import type { FlowEdge, FlowFilter } from '@hypervigil/contract';
import type { Flow, NamesOf } from '@hypervigil/model';
import { isAsked, readFilter, topOf } from './flow-query.ts';
import { type Handlers, page, type State } from './handlers.ts';
import { HOUR } from './make.ts';
import { demoNames } from './names.ts';
import { membersOf } from './policy-handlers.ts';

function matches(flow: Flow, filter: FlowFilter): boolean {
  const from = filter.from === undefined ? Date.now() - HOUR : Date.parse(filter.from);
  const to = filter.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(filter.to);
  const at = Date.parse(flow.lastAt);
  const ends = [flow.src, flow.dst];
  return (
    at >= from &&
    at <= to &&
    (filter.verdict === undefined || flow.verdict === filter.verdict) &&
    (filter.vmId === undefined || ends.some((end) => end.vmId === filter.vmId)) &&
    (filter.peerVmId === undefined || ends.some((end) => end.vmId === filter.peerVmId)) &&
    (filter.tenantId === undefined || ends.some((end) => end.tenantId === filter.tenantId)) &&
    (filter.hostId === undefined || flow.hostId === filter.hostId) &&
    (filter.networkId === undefined || flow.networkId === filter.networkId) &&
    (filter.address === undefined || ends.some((end) => end.ip === filter.address)) &&
    (filter.port === undefined || ends.some((end) => end.port === filter.port)) &&
    (filter.protocol === undefined || flow.protocol === filter.protocol) &&
    (filter.ruleId === undefined || flow.ruleId === filter.ruleId) &&
    (filter.ruleNum === undefined || flow.ruleNum === filter.ruleNum) &&
    (filter.inspection === undefined || flow.inspection?.outcome === filter.inspection) &&
    (filter.application === undefined || recognised(flow, filter.application)) &&
    (filter.name === undefined || (flow.inspection?.name ?? '').includes(filter.name)) &&
    (filter.risk === undefined || (flow.inspection?.risks ?? []).includes(filter.risk)) &&
    (filter.signature === undefined || (flow.inspection?.signatures ?? []).some(({ id }) => id === filter.signature)) &&
    (filter.gatewayId === undefined ||
      (flow.inspection?.gateways ?? []).some((one) => one.gatewayId === filter.gatewayId)) &&
    (filter.pendingRuleNum === undefined || flow.pending?.ruleNum === filter.pendingRuleNum) &&
    (filter.pending === undefined ||
      (filter.pending === 'differs' ? wouldChange(flow) : flow.pending?.verdict === filter.pending))
  );
}

const recognised = ({ inspection }: Flow, application: string): boolean =>
  (inspection?.applications ?? []).some((one) => one.toLowerCase() === application.toLowerCase());

const wouldChange = ({ pending, verdict }: Flow): boolean => pending !== null && pending.verdict !== verdict;

function edges(flows: readonly Flow[]): FlowEdge[] {
  const byKey = new Map<string, FlowEdge>();
  for (const flow of flows) {
    const key = [
      flow.src.vmId ?? flow.src.ip,
      flow.dst.vmId ?? flow.dst.ip,
      flow.protocol,
      flow.dst.port,
      flow.verdict,
      flow.ruleNum,
    ].join();
    const edge = byKey.get(key) ?? {
      src: { vmId: flow.src.vmId, ip: flow.src.ip },
      dst: { vmId: flow.dst.vmId, ip: flow.dst.ip },
      protocol: flow.protocol,
      port: flow.dst.port,
      verdict: flow.verdict,
      ruleNum: flow.ruleNum,
      ruleId: flow.ruleId,
      policyId: flow.policyId,
      flows: 0,
      pendingFlows: 0,
      bytes: 0,
      packets: 0,
      replyBytes: 0,
      replyPackets: 0,
      lastAt: flow.lastAt,
    };
    edge.flows++;
    if (wouldChange(flow)) edge.pendingFlows++;
    edge.bytes += flow.bytes;
    edge.packets += flow.packets;
    edge.replyBytes += flow.replyBytes;
    edge.replyPackets += flow.replyPackets;
    if (flow.lastAt > edge.lastAt) edge.lastAt = flow.lastAt;
    byKey.set(key, edge);
  }
  return [...byKey.values()].sort((a, b) => b.bytes - a.bytes);
}

export function flowHandlers(state: State): Handlers {
  const namesOf: NamesOf = (thing) => {
    const { vms, tenants, networks, hosts, groups } = state.data;
    if (thing === 'group')
      return groups.map(({ id, name }) => {
        const vnics = membersOf(groups, id, vms).flatMap((vm) => vm.vnics);
        return { name, value: id, members: vnics.map((vnic) => vnic.id) };
      });
    const named = { vm: vms, tenant: tenants, network: networks, host: hosts, policy: [], rule: [], gateway: [] };
    return named[thing].map(({ id, name }) => ({ name, value: id }));
  };
  const found = (filter: FlowFilter) => {
    const expression = readFilter(filter.filter ?? '', namesOf);
    return state.data.flows.filter((flow) => matches(flow, filter) && isAsked(expression, flow));
  };
  return {
    topFlows: ({ query: { groupBy, thenBy, order, limit, ...filter } }) =>
      topOf(found(filter), { groupBy, thenBy, order, limit }, namesOf),
    listFlows: ({ query: { limit, cursor, q, ...filter } }) => page(found(filter), { limit, cursor, q }),
    exportFlows: ({ query }) =>
      ['lastAt,src,dst,verdict', ...found(query).map((f) => [f.lastAt, f.src.ip, f.dst.ip, f.verdict].join(','))].join(
        '\n',
      ),
    exportFlowsJson: ({ query }) =>
      found(query)
        .map((flow) => `${JSON.stringify(flow)}\n`)
        .join(''),
    listNames: ({ query: { limit, cursor, kind, name } }) =>
      page(
        demoNames(state.data.flows).filter(
          (one) => (kind === undefined || one.kind === kind) && (name === undefined || one.name.includes(name)),
        ),
        { limit, cursor },
      ),
    exportNames: () => 'at,name\n',
    listEdges: ({ query: { limit, ...filter } }) => {
      const all = edges(found(filter));
      return { items: all.slice(0, limit), truncated: all.length > limit };
    },
    flowSeries: ({ query: { buckets, ...filter } }) => {
      const to = filter.to === undefined ? Date.now() : Date.parse(filter.to);
      const from = filter.from === undefined ? to - HOUR : Date.parse(filter.from);
      const bucketMs = Math.max(1, Math.ceil((to - from) / buckets));
      const points = Array.from({ length: buckets }, (_, n) => ({
        at: new Date(from + n * bucketMs).toISOString(),
        allowFlows: 0,
        denyFlows: 0,
        allowBytes: 0,
        denyBytes: 0,
      }));
      for (const flow of found(filter)) {
        const point = points[Math.floor((Date.parse(flow.lastAt) - from) / bucketMs)];
        if (point === undefined) continue;
        if (flow.verdict === 'allow') {
          point.allowFlows++;
          point.allowBytes += flow.bytes + flow.replyBytes;
        } else {
          point.denyFlows++;
          point.denyBytes += flow.bytes;
        }
      }
      return { bucketMs, points };
    },
  };
}
