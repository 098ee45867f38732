import type { Peer, Problem, Rule } from '@hypervigil/model';
import { parseBlock } from './address.ts';
import type { CloudPolicy, CloudState } from './cloud.ts';

/** What is to be checked: policies with their names, against the groups and tenants that exist. */
export interface PolicySet {
  readonly policies: readonly (CloudPolicy & { readonly name: string })[];
  readonly groups: CloudState['groups'];
  readonly tenants: CloudState['tenants'];
}

/** What a schema cannot see to be wrong in policies; empty when nothing is. Field paths begin with `policies.N`. */
export function checkPolicies(set: PolicySet): Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  for (const [p, policy] of set.policies.entries()) {
    const report = (field: string, code: string, message: string) =>
      problems.push({ field: ['policies', p, field].join('.'), code, message });
    const name = JSON.stringify([policy.tenantId, policy.name]);
    if (names.has(name)) report('name', 'name-taken', 'another policy has this name');
    names.add(name);
    if (policy.tenantId !== null && policy.tier !== 'tenant')
      report('tier', 'tier-not-yours', "a tenant's policy belongs in the tenant tier");
    if (policy.tenantId === null && policy.tier === 'tenant')
      report('tier', 'tier-of-tenants', 'the tenant tier is for policies of a tenant');
    if (policy.tenantId !== null && !set.tenants.some(({ id }) => id === policy.tenantId))
      report('tenantId', 'unknown-tenant', 'there is no such tenant');
    const ruleNames = new Set<string>();
    for (const [r, rule] of policy.rules.entries()) {
      if (ruleNames.has(rule.name))
        report(`rules.${r}.name`, 'name-taken', 'another rule of this policy has this name');
      ruleNames.add(rule.name);
      checkRule(rule, policy, set, (field, code, message) => report(`rules.${r}.${field}`, code, message));
    }
  }
  return problems;
}

type Report = (field: string, code: string, message: string) => void;

function checkRule(rule: Rule, { tenantId }: CloudPolicy, { groups, tenants }: PolicySet, report: Report): void {
  for (const side of ['from', 'to'] as const) {
    for (const [i, id] of rule[side].groupIds.entries()) {
      const group = groups.find((one) => one.id === id);
      if (!group) report(`${side}.groupIds.${i}`, 'unknown-group', 'there is no such group');
      else if (tenantId !== null && group.tenantId !== null && group.tenantId !== tenantId)
        report(`${side}.groupIds.${i}`, 'foreign-group', 'this group belongs to another tenant');
    }
    for (const [i, id] of rule[side].tenantIds.entries()) {
      if (!tenants.some((one) => one.id === id))
        report(`${side}.tenantIds.${i}`, 'unknown-tenant', 'there is no such tenant');
      else if (tenantId !== null && id !== tenantId)
        report(`${side}.tenantIds.${i}`, 'foreign-tenant', 'only the provider joins tenants');
    }
    for (const [i, text] of rule[side].cidrs.entries())
      if (!parseBlock(text)) report(`${side}.cidrs.${i}`, 'not-an-address', 'this is not an address block');
  }
  checkFamilies(rule, report);
}

/** A rule whose sides, or sides and services, share no IP version can never match. */
function checkFamilies(rule: Rule, report: Report): void {
  const sides = { from: families(rule.from), to: families(rule.to) };
  if (sides.from.isDisjointFrom(sides.to))
    report('to.cidrs', 'mixed-families', 'source is IPv4 and destination IPv6, or the other way round');
  for (const [i, { protocol }] of rule.services.entries()) {
    const needed = protocol === 'icmp' ? 4 : protocol === 'icmpv6' ? 6 : undefined;
    if (needed !== undefined && !(sides.from.has(needed) && sides.to.has(needed)))
      report(`services.${i}.protocol`, 'mixed-families', `${protocol} never goes between these addresses`);
  }
}

/** IP versions that a side can have. Groups and tenants may have both. */
function families(peer: Peer): Set<4 | 6> {
  if (peer.groupIds.length + peer.tenantIds.length > 0 || peer.cidrs.length === 0) return new Set([4, 6]);
  return new Set(peer.cidrs.flatMap((text) => parseBlock(text)?.family ?? []));
}
