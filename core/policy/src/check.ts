import {
  type AddressSet,
  type FieldMistake,
  type Id,
  type InspectLink,
  isUnlimited,
  linksOf,
  type Mistake,
  type Peer,
  type Rule,
} from '@hypervigil/model';
import { parseBlock } from './address.ts';
import type { CloudGroup, CloudPolicy, CloudState } from './cloud.ts';
import { EFFECT } from './effect.ts';
import { isService } from './named-services.ts';

/** What is to be checked: policies with their names, against the groups and tenants that exist. */
export interface PolicySet {
  readonly policies: readonly (CloudPolicy & { readonly name: string })[];
  readonly groups: readonly Pick<CloudGroup, 'id' | 'tenantId'>[];
  readonly tenants: CloudState['tenants'];
  readonly addressSets: readonly Pick<AddressSet, 'id' | 'tenantId'>[];
  readonly schedules: readonly { readonly id: Id }[];
  readonly namedServices: readonly { readonly id: Id }[];
  readonly mirrors: readonly { readonly id: Id; readonly tenantId: Id }[];
}

/** What a schema cannot see to be wrong in policies; empty when nothing is. Field paths begin with `policies.N`. */
export function checkPolicies(set: PolicySet): FieldMistake[] {
  const mistakes: FieldMistake[] = [];
  const names = new Set<string>();
  for (const [p, policy] of set.policies.entries()) {
    const report: Report = (field, mistake) => mistakes.push({ field: `policies.${p}.${field}`, ...mistake });
    const name = JSON.stringify([policy.tenantId, policy.name]);
    if (names.has(name)) report('name', taken('policy'));
    names.add(name);
    if (policy.tenantId !== null && policy.tier !== 'tenant') report('tier', plain('tier-not-yours'));
    if (policy.tenantId === null && policy.tier === 'tenant') report('tier', plain('tier-of-tenants'));
    if (policy.tenantId !== null && !set.tenants.some(({ id }) => id === policy.tenantId))
      report('tenantId', unknown('tenant'));
    const ruleNames = new Set<string>();
    for (const [r, rule] of policy.rules.entries()) {
      if (ruleNames.has(rule.name)) report(`rules.${r}.name`, taken('rule'));
      ruleNames.add(rule.name);
      checkRule(rule, policy, set, (field, mistake) => report(`rules.${r}.${field}`, mistake));
    }
  }
  return mistakes;
}

type Report = (field: string, mistake: Mistake) => void;
const plain = (
  code:
    | 'tier-not-yours'
    | 'tier-of-tenants'
    | 'foreign-group'
    | 'foreign-tenant'
    | 'foreign-address-set'
    | 'foreign-mirror'
    | 'mixed-families',
) => ({ code, params: {} }) as const;
const unknown = (what: 'group' | 'tenant' | 'address-set' | 'schedule' | 'named-service' | 'mirror') =>
  ({ code: 'unknown-id', params: { what } }) as const;
const taken = (what: 'policy' | 'rule') => ({ code: 'name-taken', params: { what } }) as const;

function checkRule(
  rule: Rule,
  { tenantId }: CloudPolicy,
  { groups, tenants, addressSets, schedules, namedServices, mirrors }: PolicySet,
  report: Report,
): void {
  if (rule.scheduleId !== null && !schedules.some(({ id }) => id === rule.scheduleId))
    report('scheduleId', unknown('schedule'));
  if (rule.mirrorId !== null) {
    const mirror = mirrors.find(({ id }) => id === rule.mirrorId);
    if (!mirror) report('mirrorId', unknown('mirror'));
    else if (mirror.tenantId !== tenantId) report('mirrorId', plain('foreign-mirror'));
    // Only what passes is copied.
    if (EFFECT[rule.action] !== 'allow') report('mirrorId', { code: 'unknown-field', params: {} });
  }
  for (const [i, id] of rule.namedServiceIds.entries())
    if (!isService(id, namedServices)) report(`namedServiceIds.${i}`, unknown('named-service'));
  for (const side of ['from', 'to'] as const) {
    for (const [i, id] of rule[side].groupIds.entries()) {
      const group = groups.find((one) => one.id === id);
      if (!group) report(`${side}.groupIds.${i}`, unknown('group'));
      else if (tenantId !== null && group.tenantId !== null && group.tenantId !== tenantId)
        report(`${side}.groupIds.${i}`, plain('foreign-group'));
    }
    for (const [i, id] of rule[side].tenantIds.entries()) {
      if (!tenants.some((one) => one.id === id)) report(`${side}.tenantIds.${i}`, unknown('tenant'));
      else if (tenantId !== null && id !== tenantId) report(`${side}.tenantIds.${i}`, plain('foreign-tenant'));
    }
    for (const [i, id] of rule[side].addressSetIds.entries()) {
      const set = addressSets.find((one) => one.id === id);
      if (!set) report(`${side}.addressSetIds.${i}`, unknown('address-set'));
      else if (tenantId !== null && set.tenantId !== null && set.tenantId !== tenantId)
        report(`${side}.addressSetIds.${i}`, plain('foreign-address-set'));
    }
    for (const [i, text] of rule[side].cidrs.entries())
      if (!parseBlock(text)) report(`${side}.cidrs.${i}`, { code: 'wrong-format', params: { format: 'cidr' } });
  }
  if (rule.action === 'inspect' && !rule.inspect) report('inspect', { code: 'missing', params: {} });
  if (rule.action !== 'inspect' && rule.inspect) report('inspect', { code: 'unknown-field', params: {} });
  // What is refused is nothing of which there could be too much.
  if (!isUnlimited(rule.limits) && EFFECT[rule.action] !== 'allow')
    report('limits', { code: 'unknown-field', params: {} });
  const chain = rule.inspect ? linksOf<InspectLink>(rule.inspect).map(({ groupId }) => groupId) : [];
  for (const [i, id] of chain.entries())
    if (chain.indexOf(id) < i) report(`inspect.next.${i - 1}.groupId`, { code: 'twice', params: {} });
  if (rule.log && rule.logSampling === 0) report('logSampling', { code: 'too-low', params: { minimum: 1 } });
  checkFamilies(rule, report);
}

/** A rule whose sides, or sides and services, share no IP version can never match. */
function checkFamilies(rule: Rule, report: Report): void {
  const sides = { from: families(rule.from), to: families(rule.to) };
  if (sides.from.isDisjointFrom(sides.to)) report('to.cidrs', plain('mixed-families'));
  for (const [i, { protocol }] of rule.services.entries()) {
    const needed = protocol === 'icmp' ? 4 : protocol === 'icmpv6' ? 6 : undefined;
    if (needed !== undefined && !(sides.from.has(needed) && sides.to.has(needed)))
      report(`services.${i}.protocol`, { code: 'wrong-family', params: { protocol } });
  }
}

/** IP versions that a side can have. What has a name may have both, or come to. */
function families(peer: Peer): Set<4 | 6> {
  const { cidrs, ...names } = peer;
  if (cidrs.length === 0 || Object.values(names).some((part) => part.length > 0)) return new Set([4, 6]);
  return new Set(cidrs.flatMap((text) => parseBlock(text)?.family ?? []));
}
