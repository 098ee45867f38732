import type { DraftPolicy } from '@hypervigil/contract';
import type { Group, Id } from '@hypervigil/model';
import { diffFields, type FieldChange } from '@hypervigil/policy';
import type { z } from 'zod';
import type { Directory } from '../directory.ts';
import { brief } from '../document/brief.ts';
import {
  canonicalAddressSet,
  canonicalAssertion,
  canonicalGatewayGroup,
  canonicalGroup,
  canonicalLimit,
  canonicalPolicy,
} from '../document/canonical.ts';
import type { PlacedDocument } from '../document/read.ts';
import {
  DocumentAddressSet,
  DocumentAssertion,
  DocumentGatewayGroup,
  DocumentGroup,
  DocumentLimit,
  DocumentPolicy,
  type DocumentRule,
  DocumentSchedule,
  DocumentService,
} from '../document/schema.ts';
import type { DocumentMistake, Read } from '../mistake.ts';
import {
  addressSetByName,
  assertionByName,
  directoryOf,
  gatewayGroupByName,
  groupByName,
  limitByName,
  ownAddressSets,
  ownServices,
  type PolicyState,
  policyByName,
  present,
  scheduleByName,
  serviceByName,
} from '../state.ts';
import { diffRules, type RuleChange } from './diff.ts';
import { innermostFirst, outermostFirst } from './nesting.ts';
import { mistakesIn } from './resolve.ts';

interface ChangeOf<Kind, Wanted> {
  readonly kind: Kind;
  readonly action: 'create' | 'update' | 'delete';
  readonly name: string;
  /** Of what is there now; null for what is to be created. */
  readonly id: Id | null;
  readonly revision: number | null;
  readonly fields: readonly FieldChange[];
  readonly rules: readonly RuleChange[];
  /** As the document has it; null for what is to be deleted. */
  readonly wanted: Wanted | null;
}
export type Change =
  | ChangeOf<'schedule', DocumentSchedule>
  | ChangeOf<'service', DocumentService>
  | ChangeOf<'group', DocumentGroup>
  | ChangeOf<'policy', DocumentPolicy>
  | ChangeOf<'assertion', DocumentAssertion>
  | ChangeOf<'address-set', DocumentAddressSet>
  | ChangeOf<'gateway-group', DocumentGatewayGroup>
  | ChangeOf<'limit', DocumentLimit>;

/** What would make the platform's draft, and what its rules name, what the document says, in the order in which it can be done. */
export interface Plan {
  /** The draft that it was made on. */
  readonly draftRevision: number;
  readonly changes: readonly Change[];
  /** Policies that the draft changes and this plan does not speak of: publishing would publish them too. */
  readonly others: readonly string[];
}

export interface PlanOptions {
  /** Delete what the document does not have (but for groups and policies, only where it has their section); without it, a document may be a part of the whole. */
  readonly prune: boolean;
}

/** Compares a document with what is there. A name that does not resolve, or a policy that cannot be, is a mistake. */
export function makePlan(
  { document, placeOf }: PlacedDocument,
  state: PolicyState,
  { prune }: PlanOptions,
): Read<Plan> {
  const mistakes = mistakesIn(document, state);
  if (mistakes.length > 0)
    return { ok: false, mistakes: mistakes.map((one): DocumentMistake => ({ ...one, ...placeOf(one.field) })) };

  const directory = directoryOf(state);
  const groups = byName(state.groups);
  const policies = byName(present(state.policies));
  const named = { groups: byName(document.groups), policies: byName(document.policies) };
  const schedules = byName(state.schedules);
  const assertions = byName(state.assertions);
  const services = byName(ownServices(state.namedServices));
  const addressSets = byName(ownAddressSets(state.addressSets));
  const gatewayGroups = byName(state.gatewayGroups);
  const limits = byName(state.limits);
  const goneFrom = <Row extends Known>(rows: readonly Row[], wanted: ReadonlyMap<string, unknown>) =>
    prune ? rows.filter(({ name }) => !wanted.has(name)) : [];
  const isOther = ({ name, change }: DraftPolicy) => change !== 'none' && !named.policies.has(name);
  return {
    ok: true,
    value: {
      draftRevision: state.draftRevision,
      // Policies name groups: groups come first, and go last. So it is with groups that name groups.
      changes: [
        ...(document.schedules ?? []).flatMap((wanted) => {
          const now = schedules.get(wanted.name);
          return changeOf('schedule', wanted, now, now && scheduleByName(now), DocumentSchedule);
        }),
        ...(document.services ?? []).flatMap((wanted) => {
          const now = services.get(wanted.name);
          return changeOf('service', wanted, now, now && serviceByName(now), DocumentService);
        }),
        ...(document.addressSets ?? []).flatMap((wanted) => {
          const now = addressSets.get(wanted.name);
          const before = now && canonicalAddressSet(addressSetByName(now, directory));
          return changeOf('address-set', canonicalAddressSet(wanted), now, before, DocumentAddressSet);
        }),
        ...(document.gatewayGroups ?? []).flatMap((wanted) => {
          const now = gatewayGroups.get(wanted.name);
          const before = now && canonicalGatewayGroup(gatewayGroupByName(now, directory));
          return changeOf('gateway-group', canonicalGatewayGroup(wanted), now, before, DocumentGatewayGroup);
        }),
        ...innermostFirst(document.groups, state).flatMap((wanted) =>
          changeOfGroup(wanted, groups.get(wanted.name), directory),
        ),
        ...goneFrom([...policies.values()], named.policies).map((row) => deletion('policy', row)),
        ...document.policies.flatMap((wanted) => changeOfPolicy(wanted, policies.get(wanted.name), directory)),
        // After the policies that they are about, and before groups that they may name.
        ...(document.assertions ? goneFrom(state.assertions, byName(document.assertions)) : []).map((row) =>
          deletion('assertion', row),
        ),
        ...(document.assertions ?? []).flatMap((wanted) => {
          const now = assertions.get(wanted.name);
          const before = now && canonicalAssertion(assertionByName(now, directory));
          return changeOf('assertion', canonicalAssertion(wanted), now, before, DocumentAssertion);
        }),
        ...(document.limits ? goneFrom(state.limits, byName(document.limits)) : []).map((row) =>
          deletion('limit', row),
        ),
        ...(document.limits ?? []).flatMap((wanted) => {
          const now = limits.get(wanted.name);
          const before = now && canonicalLimit(limitByName(now, directory));
          return changeOf('limit', canonicalLimit(wanted), now, before, DocumentLimit);
        }),
        ...goneFrom(outermostFirst(state.groups), named.groups).map((row) => deletion('group', row)),
        ...(document.gatewayGroups ? goneFrom(state.gatewayGroups, byName(document.gatewayGroups)) : []).map((row) =>
          deletion('gateway-group', row),
        ),
        ...(document.addressSets ? goneFrom([...addressSets.values()], byName(document.addressSets)) : []).map((row) =>
          deletion('address-set', row),
        ),
        ...(document.services ? goneFrom([...services.values()], byName(document.services)) : []).map((row) =>
          deletion('service', row),
        ),
        ...(document.schedules ? goneFrom(state.schedules, byName(document.schedules)) : []).map((row) =>
          deletion('schedule', row),
        ),
      ],
      others: prune ? [] : state.policies.filter(isOther).map(({ name }) => name),
    },
  };
}

function changeOf<Kind extends Exclude<Change['kind'], 'group' | 'policy'>, Wanted extends { readonly name: string }>(
  kind: Kind,
  wanted: Wanted,
  now: Known | undefined,
  before: Wanted | undefined,
  schema: z.ZodType<Wanted>,
): ChangeOf<Kind, Wanted>[] {
  const common = { kind, name: wanted.name, rules: [], wanted };
  if (!now) return [{ ...common, ...NEW, fields: diffFields(undefined, brief(wanted, schema)) }];
  const fields = diffFields(before, wanted);
  return fields.length === 0 ? [] : [{ ...common, action: 'update', id: now.id, revision: now.revision, fields }];
}

function changeOfGroup(wanted: DocumentGroup, now: Group | undefined, directory: Directory): Change[] {
  const after = canonicalGroup(wanted);
  const common = { kind: 'group', name: wanted.name, rules: [], wanted } as const;
  if (!now) return [{ ...common, ...NEW, fields: diffFields(undefined, brief(after, DocumentGroup)) }];
  const fields = diffFields(canonicalGroup(groupByName(now, directory)), after);
  return fields.length === 0 ? [] : [{ ...common, action: 'update', id: now.id, revision: now.revision, fields }];
}

function changeOfPolicy(wanted: DocumentPolicy, now: DraftPolicy | undefined, directory: Directory): Change[] {
  const after = canonicalPolicy(wanted);
  const common = { kind: 'policy', name: wanted.name, wanted } as const;
  if (!now) {
    const { rules = [], ...fields } = brief(after, DocumentPolicy);
    return [{ ...common, ...NEW, fields: diffFields(undefined, fields), rules: diffRules([], rules) }];
  }
  const before = canonicalPolicy(policyByName(now, directory));
  const fields = diffFields({ ...before, rules: {} }, { ...after, rules: {} });
  const rules = diffRules(before.rules, withOwners(after.rules, before.rules));
  if (fields.length + rules.length === 0) return [];
  return [{ ...common, action: 'update', id: now.id, revision: now.revision, fields, rules }];
}

/** A document that does not say who answers for a rule leaves it as it is. */
function withOwners(rules: readonly DocumentRule[], before: readonly DocumentRule[]): DocumentRule[] {
  const owners = new Map(before.map(({ name, owner }) => [name, owner]));
  return rules.map((rule) => ({ ...rule, owner: rule.owner || (owners.get(rule.name) ?? '') }));
}

const NEW = { action: 'create', id: null, revision: null } as const;

const deletion = (kind: Change['kind'], { id, name, revision }: Known): Change => ({
  kind,
  action: 'delete',
  name,
  id,
  revision,
  fields: [],
  rules: [],
  wanted: null,
});

interface Known {
  readonly id: Id;
  readonly name: string;
  readonly revision: number;
}

const byName = <Row extends { readonly name: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.name, row]));
