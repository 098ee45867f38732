import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { isWhole } from '@hypervigil/model';
import { CEDAR_TYPE, type Principal, type Resource } from './resource.ts';

export const uid = (type: string, id: string): TypeAndId => ({ type: `Hypervigil::${type}`, id });
const reference = (type: string, id: string): CedarValueJson => ({ __entity: uid(type, id) });

export const userOf = ({ id }: Principal): TypeAndId => uid('User', id);
export const thingOf = ({ kind, id }: Resource): TypeAndId => uid(CEDAR_TYPE[kind], id ?? 'any');

/** The few entities that one decision needs. */
export function entitiesOf(principal: Principal, resource: Resource): EntityJson[] {
  return [user(principal), thing(resource)];
}

function user(principal: Principal): EntityJson {
  const { duty, tenantId, scope, disabled } = principal;
  return {
    uid: userOf(principal),
    attrs: {
      duty,
      disabled,
      limited: !isWhole(scope),
      scope: [...scope.groupIds, ...scope.networkIds].map((id) => reference('Part', id)),
      ...ownerAttr(tenantId),
    },
    parents: [],
  };
}

const WITH_PARTS = new Set(['vm', 'network', 'group', 'flow', 'alert', 'task']);
const WITHOUT_OWNER = new Set([
  'platform',
  'host',
  'exporter',
  'gateway',
  'catalogue',
  'limit',
  'detector',
  'playbook',
]);

function thing(resource: Resource): EntityJson {
  const { kind, id, tenantId, partIds = [], tier = 'tenant', duty = 'tenant-member' } = resource;
  return {
    uid: thingOf(resource),
    attrs: {
      ...(WITHOUT_OWNER.has(kind) ? {} : ownerAttr(tenantId)),
      ...(kind === 'policy' && { tier }),
      ...(kind === 'account' && { duty, user: reference('User', id ?? 'any') }),
    },
    parents: (WITH_PARTS.has(kind) ? partIds : []).map((part) => uid('Part', part)),
  };
}

const ownerAttr = (tenantId: string | null) => (tenantId === null ? {} : { tenant: reference('Tenant', tenantId) });
