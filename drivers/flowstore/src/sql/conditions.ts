import { type AddressRange, foldCase, parseAddressRange } from '@hypervigil/model';
import { requireAddressRange } from '../address.ts';
import { withGateway } from '../rows/later-gateways.ts';
import { withSignature } from '../rows/signatures.ts';
import type { FlowFilter } from '../store.ts';
import { allOf, anyOf, type Condition, NEVER } from './condition.ts';
import type { Dialect, OwnerPart } from './dialect.ts';
import { rowCondition } from './expression.ts';
import { inPrefix } from './prefix.ts';

/** What an update alone tells. */
export const rowConditions = (dialect: Dialect, filter: FlowFilter): Condition[] => [...conditionsOf(dialect, filter)];

/** What one update of a flow has to say, whatever the others do; none where nothing of that is asked. */
export const saidConditions = (dialect: Dialect, filter: FlowFilter): Condition[] => [
  ...saidOfPending(filter),
  ...saidOfInspection(dialect, filter),
];

function* conditionsOf(dialect: Dialect, filter: FlowFilter): Generator<Condition> {
  yield* withinTime(filter);
  if (filter.tenants !== undefined) yield inTenants(filter.tenants);
  if (filter.vmId !== undefined && filter.peerVmId !== undefined)
    yield betweenVms(dialect, filter.vmId, filter.peerVmId);
  else yield* eitherOwner(dialect, 'vm', filter.vmId ?? filter.peerVmId);
  yield* eitherOwner(dialect, 'tenant', filter.tenantId);
  yield* eitherEnd('port', filter.port);
  yield* equals('host', filter.hostId);
  yield* equals('network', filter.networkId);
  yield* equals('protocol', filter.protocol);
  yield* equals('verdict', filter.verdict);
  yield* equals('rule', filter.ruleId);
  yield* equals('rule_num', filter.ruleNum);
  if (filter.exceptRuleNums?.length) yield exceptRules(filter.exceptRuleNums);
  if (filter.vmIds !== undefined) yield amongVms(dialect, filter.vmIds);
  if (filter.address) yield inRange(dialect, requireAddressRange(filter.address));
  if (filter.text)
    yield containsText(dialect, filter.text, filter.reader === undefined ? TEXT_COLUMNS : SEEN_TEXT_COLUMNS);
  if (filter.expression) yield rowCondition(dialect, filter.expression);
}

export function* withinTime({ fromMs, toMs }: FlowFilter): Generator<Condition> {
  if (fromMs !== undefined) yield { sql: 'end_ms >= ?', params: [BigInt(Math.ceil(fromMs))] };
  if (toMs !== undefined) yield { sql: 'end_ms < ?', params: [BigInt(Math.ceil(toMs))] };
}

function* saidOfPending({ pending, pendingRuleNum }: FlowFilter): Generator<Condition> {
  yield* equals('pending_rule_num', pendingRuleNum);
  if (pending === 'differs') yield { sql: 'pending_verdict <> verdict', params: [] };
  else yield* equals('pending_verdict', pending);
}

function* saidOfInspection(dialect: Dialect, filter: FlowFilter): Generator<Condition> {
  const { inspection, gatewayId, application, name, risk, signature } = filter;
  yield* equals('inspection', inspection);
  if (gatewayId !== undefined)
    yield {
      sql: `gateway = ? OR ${dialect.contains('later_gateways')}`,
      params: [gatewayId, withGateway(gatewayId)],
    };
  if (application !== undefined)
    yield { sql: dialect.has(dialect.applications('application')), params: [application.toLowerCase()] };
  if (name !== undefined) yield nameWith(dialect, name);
  if (risk !== undefined) yield { sql: dialect.hasBit('risks'), params: [`${1n << BigInt(risk)}`] };
  if (signature !== undefined) yield { sql: dialect.contains('signatures'), params: [withSignature(signature)] };
}

/** A part of a name, in whatever case. */
export const nameWith = (dialect: Dialect, name: string): Condition => ({
  sql: dialect.contains(dialect.foldedName('server_name')),
  params: [foldCase(name)],
});

export function* equals(column: string, value: string | number | undefined): Generator<Condition> {
  if (value !== undefined) yield { sql: `${column} = ?`, params: [value] };
}

const SIDES = ['src', 'dst'] as const;

function* eitherOwner(dialect: Dialect, part: OwnerPart['part'], value: string | undefined): Generator<Condition> {
  if (value !== undefined) yield anyOf(SIDES.map((side) => dialect.isOwnedBy({ side, part }, value)));
}

const betweenVms = (dialect: Dialect, one: string, other: string): Condition => {
  const vm = (side: OwnerPart['side'], id: string) => dialect.isOwnedBy({ side, part: 'vm' }, id);
  return anyOf([allOf([vm('src', one), vm('dst', other)]), allOf([vm('dst', one), vm('src', other)])]);
};

function* eitherEnd(column: string, value: string | number | undefined): Generator<Condition> {
  if (value !== undefined) yield { sql: `src_${column} = ? OR dst_${column} = ?`, params: [value, value] };
}

function inTenants(tenants: readonly string[]): Condition {
  if (tenants.length === 0) return NEVER;
  const list = tenants.map(() => '?').join(', ');
  return { sql: `src_tenant IN (${list}) OR dst_tenant IN (${list})`, params: [...tenants, ...tenants] };
}

function exceptRules(nums: readonly number[]): Condition {
  return { sql: `rule_num NOT IN (${nums.map(() => '?').join(', ')})`, params: [...nums] };
}

/** One parameter however many VMs: ids have no comma. */
function amongVms(dialect: Dialect, ids: readonly string[]): Condition {
  const text = ids.join(',');
  const among = (vm: string) => dialect.isAmong(vm, 'text');
  return { sql: `${among('src_vm')} OR ${among('dst_vm')}`, params: [text, text] };
}

const inRange = (dialect: Dialect, range: AddressRange): Condition =>
  anyOf(['src_ip', 'dst_ip'].map((end) => inPrefix(dialect, end, range)));

const TEXT_COLUMNS = ['src_mac', 'dst_mac', 'src_vm', 'dst_vm', 'src_vnic', 'dst_vnic', 'host', 'network', 'rule'];
/** On which host it was is the provider's. */
const SEEN_TEXT_COLUMNS = TEXT_COLUMNS.filter((column) => column !== 'host');

function containsText(dialect: Dialect, text: string, columns: readonly string[]): Condition {
  const range = parseAddressRange(text);
  if (range !== null) return inRange(dialect, range);
  const sought = text.toLowerCase();
  return {
    sql: columns.map((column) => dialect.contains(`lower(${column})`)).join(' OR '),
    params: columns.map(() => sought),
  };
}
