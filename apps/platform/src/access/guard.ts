import type { Authorizer, Decision, Resource } from '@hypervigil/authz';
import type { Endpoint } from '@hypervigil/contract';
import {
  type Denial,
  type Duty,
  type Id,
  PERMISSIONS,
  type Permission,
  type Thing,
  type Tier,
} from '@hypervigil/model';
import { ApiFailure, notFound } from '../errors.ts';
import type { Person } from '../identity/identity.ts';
import type { Database } from '../state/database.ts';
import { type Actor, recordDenial } from '../state/work.ts';
import { type Access, createAccess } from './access.ts';
import { isOwned } from './owners.ts';
import { requireReadable } from './references.ts';

/** A request as it was parsed. */
export interface Asked {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** A call of a person, before it is answered. */
interface PersonCall {
  readonly person: Person;
  readonly operation: string;
  readonly endpoint: Endpoint & { caller: 'person' };
  readonly asked: Asked;
  readonly actor: Actor;
}

/**
 * The one place where it is decided whether a person's call is answered.
 * @throws ApiFailure `not-permitted`, `not-found` for what the person may not know of, `invalid-request` with `unknown-id`
 */
export interface Guard {
  /** Before anything of the call is read: whether the person may do this to anything at all. */
  admit(call: Omit<PersonCall, 'asked'>): Promise<void>;
  /**
   * What the call is about is decided on as it is and, where the body says whose it shall be, as it would be; what the call
   * names beside that, the person must be allowed to read. Lists are cut by their handlers, with what {@link Access} says.
   */
  decide(call: PersonCall): Promise<Access>;
}

export function createGuard(db: Database, authorizer: Authorizer): Guard {
  async function refuse(call: Omit<PersonCall, 'asked'>, denial: Denial, id?: Id): Promise<ApiFailure> {
    const { permission } = call.endpoint;
    const subject = `${PERMISSIONS[permission]}:${id ?? '*'}` as const;
    await recordDenial(db, call.actor, { operation: call.operation, subject, permission, denial });
    return new ApiFailure('not-permitted', { permission, denial });
  }

  return Object.freeze({
    async admit(call: Omit<PersonCall, 'asked'>) {
      const decision = anywhere(createAccess(db, authorizer, call.person), call.endpoint.permission);
      if (!decision.allowed) throw await refuse(call, decision.denial);
    },

    async decide(call: PersonCall) {
      const { person, asked } = call;
      const { permission, path } = call.endpoint;
      const access = createAccess(db, authorizer, person);
      const { id } = (asked.params ?? {}) as { id?: Id };
      const thing = thingAt(path);
      const present = id === undefined || thing === undefined ? undefined : await find(access, thing, permission, id);
      if (present !== undefined) {
        const decision = access.decide(permission, present);
        if (!decision.allowed) {
          const refusal = await refuse(call, decision.denial, id);
          const mayKnow = access.decide(`${PERMISSIONS[permission]}:read` as Permission, present).allowed;
          throw mayKnow ? refusal : notFound(thing!, id!);
        }
      } else if (id !== undefined && thing !== undefined && person.tenantId !== null) throw notFound(thing, id);
      for (const proposed of await proposalsIn(access, permission, present, asked.body)) {
        const decision = access.decide(permission, proposed);
        if (!decision.allowed) throw await refuse(call, decision.denial, id);
      }
      await requireReadable(access, asked);
      return access;
    },
  });
}

async function find(access: Access, thing: Thing, permission: Permission, id: Id): Promise<Resource | undefined> {
  return isOwned(thing) ? (await access.find(thing, permission, [id]))[0] : undefined;
}

/** Whether a person may do this to anything; what it is done to is then the handler's to choose among what it may. */
function anywhere(access: Access, permission: Permission): Decision {
  const { tenants, provider } = access.reach(permission);
  if (tenants.length > 0 || provider) return { allowed: true, by: [] };
  const { denial } = access.rights().mayNot.find((one) => one.permission === permission)!;
  return { allowed: false, by: [], denial };
}

/** What a call would make of a thing, and the policy that it would put a rule into. */
async function proposalsIn(
  access: Access,
  permission: Permission,
  present: Resource | undefined,
  body: unknown,
): Promise<Resource[]> {
  const { tenantId, tier, duty, policyId } = (body ?? {}) as {
    tenantId?: Id | null;
    tier?: Tier;
    duty?: Duty;
    policyId?: Id;
  };
  const target = policyId === undefined ? undefined : await find(access, 'policy', permission, policyId);
  if (tenantId === undefined) return target === undefined ? [] : [target];
  const proposed: Resource = {
    ...(present ?? { kind: PERMISSIONS[permission], id: null }),
    tenantId,
    ...(tier !== undefined && { tier }),
    ...(duty !== undefined && { duty }),
  };
  return target === undefined ? [proposed] : [proposed, target];
}

/** What handlers call the thing at an address, so that both say the same of what is not there and what may not be known. */
const THINGS: Readonly<Record<string, Thing>> = {
  vms: 'vm',
  vnics: 'vnic',
  networks: 'network',
  tenants: 'tenant',
  groups: 'group',
  'address-sets': 'address-set',
  'threat-sets': 'threat-set',
  'gateway-groups': 'gateway-group',
  mirrors: 'mirror',
  captures: 'capture',
  policies: 'policy',
  rules: 'rule',
  alerts: 'alert',
  'alert-exceptions': 'alert-exception',
  responses: 'response',
  notifications: 'notification',
  tasks: 'task',
  accounts: 'account',
};

/** By the part of the path before the id; undefined for what belongs to nobody. */
function thingAt(path: string): Thing | undefined {
  return THINGS[/([^/]+)\/\{id\}/.exec(path)?.[1] ?? ''];
}
