import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { DENIALS, type Denial, type Id, PERMISSIONS, Permission } from '@hypervigil/model';
import { entitiesOf, thingOf, uid, userOf } from './entities.ts';
import { AuthzError } from './errors.ts';
import { POLICIES } from './policies.ts';
import type { Principal, Resource } from './resource.ts';
import { SCHEMA } from './schema.ts';

/** What was decided, and why: the policies that had the last word, and the reason that a person is told. */
export type Decision =
  | { readonly allowed: true; readonly by: readonly string[] }
  | { readonly allowed: false; readonly by: readonly string[]; readonly denial: Denial };

/** Of whose things a person may do something: of every tenant's or these tenants', and of the provider's own. */
export interface Reach {
  readonly tenants: 'all' | readonly Id[];
  readonly provider: boolean;
  /** Things of these groups and networks alone; null is no such limit. */
  readonly parts: readonly Id[] | null;
}

export interface Authorizer {
  decide(principal: Principal, permission: Permission, resource: Resource): Decision;
  /**
   * The same policies for a whole list: asked of a thing of the person's own tenant, of another tenant and of the provider,
   * since policies tell things apart by nothing else (a test keeps it so).
   */
  reach(principal: Principal, permission: Permission): Reach;
  /** What a person may do to anything at all, each with the reason where nothing. */
  rights(principal: Principal): Rights;
}

export interface Rights {
  readonly may: Permission[];
  readonly mayNot: { readonly permission: Permission; readonly denial: Denial }[];
}

/** Names of prepared sets are shared by all of the process; the texts are constants, so preparing them twice is the same. */
const NAME = 'hypervigil';
const SOMEBODY_ELSE = '00000000-0000-0000-0000-000000000000';

/** @throws AuthzError `bad-policy` when schema or policies cannot be read */
export function createAuthorizer(policies: string = POLICIES, name = NAME): Authorizer {
  const denials = prepare(policies, name);

  function decide(principal: Principal, permission: Permission, resource: Resource): Decision {
    const answer = cedar.statefulIsAuthorized({
      principal: userOf(principal),
      action: uid('Action', permission),
      resource: thingOf(resource),
      context: {},
      preparsedSchemaName: name,
      preparsedPolicySetId: name,
      validateRequest: true,
      entities: entitiesOf(principal, resource),
    });
    // Fails closed: a request that does not fit the schema, or a policy that cannot be evaluated, permits nothing.
    if (answer.type === 'failure')
      throw new AuthzError('bad-request', `${permission}: ${answer.errors.map(({ message }) => message).join('; ')}`);
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0)
      throw new AuthzError('bad-policy', diagnostics.errors.map(({ error }) => error.message).join('; '));
    const by = diagnostics.reason;
    if (decision === 'allow') return { allowed: true, by };
    const reasons = new Set(by.map((id) => denials.get(id)));
    return { allowed: false, by, denial: DENIALS.find((one) => reasons.has(one)) ?? 'duty' };
  }

  const samples = (principal: Principal, permission: Permission) => {
    const partIds = [...principal.scope.groupIds, ...principal.scope.networkIds];
    const thing = {
      kind: PERMISSIONS[permission],
      id: null,
      partIds,
      tier: principal.tenantId ? 'tenant' : 'platform',
    } as const;
    return {
      own:
        principal.tenantId === null
          ? undefined
          : decide(principal, permission, { ...thing, tenantId: principal.tenantId }),
      others: decide(principal, permission, { ...thing, tenantId: SOMEBODY_ELSE }),
      provider: decide(principal, permission, { ...thing, tenantId: null }),
      outside: decide(principal, permission, { ...thing, tenantId: principal.tenantId, partIds: [] }),
    };
  };

  const reach = remembered((principal: Principal, permission: Permission): Reach => {
    const { own, others, provider, outside } = samples(principal, permission);
    const parts = [...principal.scope.groupIds, ...principal.scope.networkIds];
    const ofOwn = own?.allowed && principal.tenantId !== null ? [principal.tenantId] : [];
    return {
      tenants: others.allowed ? 'all' : ofOwn,
      provider: provider.allowed,
      parts: parts.length > 0 && !outside.allowed ? parts : null,
    };
  });

  const rights = remembered((principal: Principal): Rights => {
    const may: Permission[] = [];
    const mayNot: Rights['mayNot'] = [];
    for (const permission of Permission.options) {
      const { own, others, provider } = samples(principal, permission);
      const first = own ?? provider;
      if (first.allowed || others.allowed || provider.allowed) may.push(permission);
      else mayNot.push({ permission, denial: first.denial });
    }
    return { may, mayNot };
  });

  return Object.freeze({ decide, reach, rights });
}

const MOST_REMEMBERED = 10_000;

/** Policies never change, and see nothing but their question: each request asks a few of the same, at a quarter millisecond a decision. */
function remembered<Q extends readonly unknown[], A>(answer: (...question: Q) => A): (...question: Q) => A {
  const answers = new Map<string, A>();
  return (...question) => {
    if (answers.size >= MOST_REMEMBERED) answers.clear();
    return answers.getOrInsertComputed(JSON.stringify(question), () => answer(...question));
  };
}

/** @returns the reason of each policy that forbids */
function prepare(policies: string, name: string): ReadonlyMap<string, Denial> {
  const parts = cedar.policySetTextToParts(policies);
  if (parts.type === 'failure') throw new AuthzError('bad-policy', textOf(parts.errors));
  const named: Record<string, string> = {};
  const denials = new Map<string, Denial>();
  for (const text of parts.policies) {
    const json = cedar.policyToJson(text);
    if (json.type === 'failure') throw new AuthzError('bad-policy', textOf(json.errors));
    const { id, denial } = json.json.annotations ?? {};
    if (id === undefined || id in named)
      throw new AuthzError('bad-policy', `a policy without an id of its own: ${text}`);
    named[id] = text;
    if (denial !== undefined) denials.set(id, denial as Denial);
  }
  const schema = cedar.preparseSchema(name, SCHEMA);
  if (schema.type === 'failure') throw new AuthzError('bad-policy', textOf(schema.errors));
  const set = cedar.preparsePolicySet(name, { staticPolicies: named });
  if (set.type === 'failure') throw new AuthzError('bad-policy', textOf(set.errors));
  return denials;
}

const textOf = (errors: readonly cedar.DetailedError[]): string => errors.map(({ message }) => message).join('; ');
