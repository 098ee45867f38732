import { type Authorizer, createAuthorizer, type Principal, type Resource } from '@hypervigil/authz';
import type { Endpoint } from '@hypervigil/contract';
import { type Denial, type Id, PERMISSIONS } from '@hypervigil/model';
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

  constructor(person: Principal) {
    this.person = person;
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
      const { tenantId, tier, duty } = one;
      const decision = this.#authorizer.decide(this.person, permission, {
        ...{ kind: PERMISSIONS[permission], id: id ?? null, tenantId },
        ...(tier !== undefined && { tier }),
        ...(duty !== undefined && { duty }),
      });
      if (!decision.allowed) refuse(decision.denial);
    }
  }

  /** An answer as the person may have it. */
  cut(endpoint: Endpoint, answer: unknown): unknown {
    if (endpoint.caller !== 'person' || !isList(answer)) return answer;
    const { permission } = endpoint;
    const items = answer.items.filter((item) => {
      if (item.tenantId === undefined) return true;
      const { tenantId, tier, duty } = item;
      const resource = { kind: PERMISSIONS[permission], id: null, tenantId };
      if (!this.#authorizer.decide(this.person, permission, resource).allowed) return false;
      for (const id of [item.id, ...(item.rules ?? item.vnics ?? []).map((part) => part.id)])
        this.#told.set(id, { tenantId, ...(tier && { tier }), ...(duty && { duty }) });
      return true;
    });
    return { ...answer, items };
  }
}

interface Item extends Partial<Told> {
  readonly id: Id;
  readonly rules?: readonly { readonly id: Id }[];
  readonly vnics?: readonly { readonly id: Id }[];
}

const isList = (answer: unknown): answer is { readonly items: readonly Item[] } =>
  typeof answer === 'object' && answer !== null && 'items' in answer && Array.isArray(answer.items);
