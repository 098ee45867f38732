import { type Authorizer, createAuthorizer, type Decision, type Principal, type Resource } from '@hypervigil/authz';
import type { Endpoint } from '@hypervigil/contract';
import { type Denial, type Id, PERMISSIONS, type Permission } from '@hypervigil/model';
import { Refused } from './errors.ts';

type Told = Pick<Resource, 'tenantId' | 'tier' | 'duty'>;
interface Call {
  readonly params?: unknown;
  readonly body?: unknown;
}

/**
 * The policies of core/authz over the fake platform, for somebody who is not allowed everything: lists are cut, and what is
 * refused is remembered. Whose a thing is, is known from the lists in which it was told.
 */
export class Governor {
  readonly person: Principal;
  /** Operations that were asked for and not permitted. */
  readonly refused: string[] = [];
  readonly #authorizer: Authorizer = createAuthorizer();
  readonly #told = new Map<Id, Told>();
  readonly #partsOf: (id: Id) => readonly Id[];

  /** @param partsOf the groups and networks that something is part of, or is */
  constructor(person: Principal, partsOf: (id: Id) => readonly Id[]) {
    this.person = person;
    this.#partsOf = partsOf;
  }

  rights() {
    return this.#authorizer.rights(this.person);
  }

  /** @throws Refused `not-permitted` */
  admit(operation: string, endpoint: Endpoint, { params, body }: Call): void {
    if (endpoint.caller !== 'person') return;
    const { permission } = endpoint;
    const refuse = (denial: Denial) => {
      this.refused.push(`${operation}: ${denial}`);
      throw new Refused('not-permitted', { permission, denial });
    };
    const nowhere = this.rights().mayNot.find((one) => one.permission === permission);
    if (nowhere !== undefined) refuse(nowhere.denial);
    const { id } = (params ?? {}) as { readonly id?: Id };
    const present = this.#told.get(id ?? '');
    const wanted = (body ?? {}) as Partial<Told>;
    const proposed = wanted.tenantId === undefined ? undefined : { ...present, ...wanted, tenantId: wanted.tenantId };
    for (const one of [present, proposed]) {
      if (one === undefined) continue;
      const decision = this.#decide(permission, id ?? null, one);
      if (!decision.allowed) refuse(decision.denial);
    }
  }

  #decide(permission: Permission, id: Id | null, { tenantId, tier, duty }: Told): Decision {
    return this.#authorizer.decide(this.person, permission, {
      ...{ kind: PERMISSIONS[permission], id, tenantId, partIds: id === null ? [] : this.#partsOf(id) },
      ...(tier !== undefined && { tier }),
      ...(duty !== undefined && { duty }),
    });
  }

  /** An answer as the person may have it. */
  cut(endpoint: Endpoint, answer: unknown): unknown {
    if (endpoint.caller !== 'person') return answer;
    const { permission } = endpoint;
    // Where VMs run, and tasks, is the provider's.
    const isOnHost = this.person.tenantId !== null && /^(vm|task)$/.test(PERMISSIONS[permission]);
    const shown = <T>(one: T): T => (isOnHost ? { ...one, hostId: null } : one);
    if (!isList(answer)) return typeof answer === 'object' && answer !== null ? shown(answer) : answer;
    const items = answer.items.filter((item) => {
      if (item.tenantId === undefined) return true;
      const { tenantId, tier, duty } = item;
      if (!this.#decide(permission, item.id, { tenantId }).allowed) return false;
      for (const id of [item.id, ...(item.rules ?? item.vnics ?? []).map((part) => part.id)])
        this.#told.set(id, { tenantId, ...(tier && { tier }), ...(duty && { duty }) });
      return true;
    });
    return { ...answer, items: items.map(shown) };
  }
}

interface Item extends Partial<Told> {
  readonly id: Id;
  readonly rules?: readonly { readonly id: Id }[];
  readonly vnics?: readonly { readonly id: Id }[];
}

const isList = (answer: unknown): answer is { readonly items: readonly Item[] } =>
  typeof answer === 'object' && answer !== null && 'items' in answer && Array.isArray(answer.items);
