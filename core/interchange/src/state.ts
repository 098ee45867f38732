import { api, type DraftPolicy } from '@hypervigil/contract';
import type { AddressSet, Assertion, Group, Id, NamedService, Schedule, Tenant } from '@hypervigil/model';
import { createDirectory, type Directory } from './directory.ts';
import { canonicalDocument } from './document/canonical.ts';
import {
  API_VERSION,
  type DocumentAssertion,
  type DocumentGroup,
  type DocumentPolicy,
  type DocumentSchedule,
  type DocumentService,
  KIND,
  type PolicyDocument,
} from './document/schema.ts';
import { toNames } from './references.ts';

interface Row {
  readonly id: Id;
  readonly name: string;
}

/** What the platform holds now: the draft, the groups, and the names that they use. */
export interface PolicyState {
  readonly draftRevision: number;
  readonly tenants: readonly Tenant[];
  readonly networks: readonly Row[];
  readonly vms: readonly Row[];
  readonly groups: readonly Group[];
  readonly addressSets: readonly Pick<AddressSet, 'id' | 'name' | 'tenantId'>[];
  readonly schedules: readonly Schedule[];
  readonly namedServices: readonly NamedService[];
  readonly gatewayGroups: readonly Row[];
  readonly mirrors: readonly (Row & { readonly tenantId: Id })[];
  readonly policies: readonly DraftPolicy[];
  readonly assertions: readonly Assertion[];
}

export function directoryOf({
  tenants,
  networks,
  vms,
  groups,
  addressSets,
  schedules,
  namedServices,
  gatewayGroups,
  mirrors,
}: PolicyState): Directory {
  return createDirectory({
    tenant: tenants,
    network: networks,
    vm: vms,
    group: groups,
    'address-set': addressSets,
    schedule: schedules,
    'named-service': namedServices,
    'gateway-group': gatewayGroups,
    mirror: mirrors,
  });
}

/** The draft, and what people defined for its rules to name, as a document. */
export function exportDocument(state: PolicyState): PolicyDocument {
  const directory = directoryOf(state);
  const own = ownServices(state.namedServices);
  return canonicalDocument({
    apiVersion: API_VERSION,
    kind: KIND,
    ...(state.schedules.length > 0 && { schedules: state.schedules.map(scheduleByName) }),
    ...(own.length > 0 && { services: own.map(serviceByName) }),
    groups: state.groups.map((group) => groupByName(group, directory)),
    policies: present(state.policies).map((policy) => policyByName(policy, directory)),
    ...(state.assertions.length > 0 && {
      assertions: state.assertions.map((assertion) => assertionByName(assertion, directory)),
    }),
  });
}

/** Named services that people wrote; those of the catalogue are everywhere. */
export const ownServices = (services: readonly NamedService[]): NamedService[] =>
  services.filter(({ builtIn }) => !builtIn);

/** Policies that the draft does not remove. */
export const present = (policies: readonly DraftPolicy[]): DraftPolicy[] =>
  policies.filter(({ change }) => change !== 'removed');

export const scheduleByName = ({ name, description, zone, windows, startsOn, endsOn }: Schedule): DocumentSchedule => ({
  name,
  description,
  zone,
  windows,
  startsOn,
  endsOn,
});

export const serviceByName = ({ name, description, services }: NamedService): DocumentService => ({
  name,
  description,
  services,
});

export const groupByName = (group: Group, directory: Directory): DocumentGroup =>
  toNames(api.createGroup.body, group, directory) as DocumentGroup;

export const policyByName = (policy: DraftPolicy, directory: Directory): DocumentPolicy =>
  toNames(api.createPolicy.body, policy, directory) as DocumentPolicy;

export const assertionByName = (assertion: Assertion, directory: Directory): DocumentAssertion =>
  toNames(api.createAssertion.body, assertion, directory) as DocumentAssertion;
