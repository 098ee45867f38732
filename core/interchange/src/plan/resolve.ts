import { api } from '@hypervigil/contract';
import { type FieldMistake, GatewayGroupId, type Rule } from '@hypervigil/model';
import { checkGroups, checkPolicies, listMistakes, type PolicySet } from '@hypervigil/policy';
import type { z } from 'zod';
import type { Directory } from '../directory.ts';
import type {
  DocumentAddressSet,
  DocumentAssertion,
  DocumentGatewayGroup,
  DocumentGroup,
  DocumentLimit,
  DocumentPolicy,
  PolicyDocument,
} from '../document/schema.ts';
import type { FileMistake, Named } from '../mistake.ts';
import { type Report, referenceOf, toIds } from '../references.ts';
import { directoryOf, type PolicyState } from '../state.ts';

type GroupBody = z.output<typeof api.createGroup.body>;
type AddressSetBody = z.output<typeof api.createAddressSet.body>;
type GatewayGroupBody = z.output<typeof api.createGatewayGroup.body>;
type LimitBody = z.output<typeof api.createLimit.body>;
type AssertionBody = z.output<typeof api.createAssertion.body>;
type PolicyBody = Omit<PolicySet['policies'][number], 'id' | 'rules'> & {
  readonly description: string;
  readonly rules: Omit<Rule, 'id' | 'num'>[];
};

/** A group as the API takes it. */
export const groupBody = (
  group: DocumentGroup,
  directory: Directory,
  report: Report = () => {},
  path = '',
): GroupBody => toIds(api.createGroup.body, group, directory, report, path) as GroupBody;

/** A policy as the API takes it. */
export const policyBody = (
  policy: DocumentPolicy,
  directory: Directory,
  report: Report = () => {},
  path = '',
): PolicyBody => toIds(api.createPolicy.body, policy, directory, report, path) as PolicyBody;

/** An assertion as the API takes it. */
export const assertionBody = (
  assertion: DocumentAssertion,
  directory: Directory,
  report: Report = () => {},
  path = '',
): AssertionBody => toIds(api.createAssertion.body, assertion, directory, report, path) as AssertionBody;

/** A limit as the API takes it. */
export const limitBody = (
  limit: DocumentLimit,
  directory: Directory,
  report: Report = () => {},
  path = '',
): LimitBody => toIds(api.createLimit.body, limit, directory, report, path) as LimitBody;

/** A group of gateways as the API takes it. */
export const gatewayGroupBody = (
  group: DocumentGatewayGroup,
  directory: Directory,
  report: Report = () => {},
  path = '',
): GatewayGroupBody => toIds(api.createGatewayGroup.body, group, directory, report, path) as GatewayGroupBody;

/** An address set as the API takes it. */
export const addressSetBody = (
  set: DocumentAddressSet,
  directory: Directory,
  report: Report = () => {},
  path = '',
): AddressSetBody => toIds(api.createAddressSet.body, set, directory, report, path) as AddressSetBody;

/** Everything that keeps a document from becoming groups and policies of this cloud, by the document's fields. */
export function mistakesIn(document: PolicyDocument, state: PolicyState): (FileMistake | FieldMistake)[] {
  const directory = directoryOf(state);
  const mistakes: (FileMistake | FieldMistake)[] = [];
  const report: Report = (mistake) => mistakes.push(mistake);
  const learn = (what: Named, rows: readonly { readonly name: string }[] = []) =>
    rows.flatMap(({ name }, i) => {
      if (directory.idsOf(what, name).length > 0) return [];
      directory.add(what, { id: standIn(i), name });
      return [{ id: standIn(i) }];
    });
  const schedules = [...state.schedules, ...learn('schedule', document.schedules)];
  const namedServices = [...state.namedServices, ...learn('named-service', document.services)];
  const builtIn = new Set(state.namedServices.flatMap((one) => (one.builtIn ? [one.name] : [])));
  for (const [i, { name }] of (document.services ?? []).entries())
    if (builtIn.has(name))
      mistakes.push({ field: `services.${i}.name`, code: 'name-taken', params: { what: 'named-service' } });
  learn('address-set', document.addressSets);
  learn('gateway-group', document.gatewayGroups);
  const written = (document.addressSets ?? []).map((set, i) => {
    const field = `addressSets.${i}`;
    mistakes.push(...listMistakes(set, MAX_BAD_ENTRIES).map((one) => ({ ...one, field: `${field}.${one.field}` })));
    const [id = standIn(i)] = directory.idsOf('address-set', set.name);
    return { id, tenantId: addressSetBody(set, directory, report, field).tenantId };
  });
  for (const [i, { id }] of written.entries())
    if (state.addressSets.some((known) => known.id === id && known.isFed))
      mistakes.push({ field: `addressSets.${i}.name`, code: 'name-taken', params: { what: 'address-set' } });
  const addressSets = [...new Map([...state.addressSets, ...written].map((one) => [one.id, one])).values()];
  for (const [i, group] of (document.gatewayGroups ?? []).entries())
    mistakes.push(...mistakesOfGateways(gatewayGroupBody(group, directory, report, `gatewayGroups.${i}`), i));
  // All are known before any is looked at: groups may name those that stand behind them.
  const ids = document.groups.map(({ name }, i) => {
    const [known] = directory.idsOf('group', name);
    if (known === undefined) directory.add('group', { id: standIn(i), name });
    return known ?? standIn(i);
  });
  const groups = document.groups.map((group, i) => ({
    ...groupBody(group, directory, report, `groups.${i}`),
    id: ids[i]!,
  }));
  const policies = document.policies.map((policy, p) => {
    const body = policyBody(policy, directory, report, `policies.${p}`);
    const rules = body.rules.map((rule) => ({ ...rule, id: standIn(p), num: 1 }));
    return { ...body, id: standIn(p), rules };
  });
  for (const [i, assertion] of (document.assertions ?? []).entries())
    assertionBody(assertion, directory, report, `assertions.${i}`);
  for (const [i, limit] of (document.limits ?? []).entries()) limitBody(limit, directory, report, `limits.${i}`);
  if (mistakes.length > 0) return mistakes;
  const all = new Map([...state.groups, ...groups].map((group) => [group.id, group]));
  const check = checkGroups(all);
  const set: PolicySet = { ...state, schedules, namedServices, addressSets, policies, groups: [...all.values()] };
  return [
    ...groups.flatMap(({ id }, i) => check(id).map((one) => ({ ...one, field: `groups.${i}.${one.field}` }))),
    ...checkPolicies(set),
  ].map((mistake) => ({ ...mistake, field: inDocument(mistake.field) }));
}

function mistakesOfGateways({ perHost, maxPerHost = perHost }: GatewayGroupBody, i: number): FieldMistake[] {
  if (maxPerHost >= perHost) return [];
  return [{ field: `gatewayGroups.${i}.maxPerHost`, code: 'too-low', params: { minimum: perHost } }];
}

/** More mistakes than anybody mends at once help nobody. */
const MAX_BAD_ENTRIES = 20;

/** An id for what has none yet: within one check only. */
const standIn = (n: number) => `ffffffff-ffff-4fff-8fff-${n.toString(16).padStart(12, '0')}`;

/** Of all groups this one is not found by its field's name alone. */
const GATEWAY_GROUP = referenceOf('groupId', GatewayGroupId)?.name;

const inDocument = (field: string) =>
  field
    .split('.')
    .map(
      (part, _, parts) =>
        (part === 'groupId' && parts.includes('inspect') ? GATEWAY_GROUP : referenceOf(part)?.name) ?? part,
    )
    .join('.');
