import { api, type DraftPolicy } from '@hypervigil/contract';
import type {
  AddressSet,
  Assertion,
  GatewayGroup,
  Group,
  Id,
  Limit,
  NamedService,
  Schedule,
  Tenant,
} from '@hypervigil/model';
import type { AddressList } from '@hypervigil/policy';
import { createDirectory, type Directory } from './directory.ts';
import { canonicalDocument } from './document/canonical.ts';
import {
  API_VERSION,
  type DocumentAddressSet,
  type DocumentAssertion,
  type DocumentGatewayGroup,
  type DocumentGroup,
  type DocumentLimit,
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

/** With its entries, where they were read: of a set that a feed fills, they are the feed's. */
export type KnownAddressSet = Pick<AddressSet, 'id' | 'name' | 'tenantId' | 'description' | 'isFed' | 'revision'> & {
  readonly lists?: AddressList;
};

/** What the platform holds now: the draft, the groups, and the names that they use. */
export interface PolicyState {
  readonly draftRevision: number;
  readonly tenants: readonly Tenant[];
  readonly networks: readonly Row[];
  readonly vms: readonly Row[];
  readonly groups: readonly Group[];
  readonly addressSets: readonly KnownAddressSet[];
  readonly schedules: readonly Schedule[];
  readonly namedServices: readonly NamedService[];
  readonly gatewayGroups: readonly GatewayGroup[];
  readonly mirrors: readonly (Row & { readonly tenantId: Id })[];
  readonly policies: readonly DraftPolicy[];
  readonly assertions: readonly Assertion[];
  readonly limits: readonly Limit[];
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
  const sets = ownAddressSets(state.addressSets);
  return canonicalDocument({
    apiVersion: API_VERSION,
    kind: KIND,
    ...(state.schedules.length > 0 && { schedules: state.schedules.map(scheduleByName) }),
    ...(own.length > 0 && { services: own.map(serviceByName) }),
    ...(sets.length > 0 && { addressSets: sets.map((set) => addressSetByName(set, directory)) }),
    ...(state.gatewayGroups.length > 0 && {
      gatewayGroups: state.gatewayGroups.map((group) => gatewayGroupByName(group, directory)),
    }),
    groups: state.groups.map((group) => groupByName(group, directory)),
    policies: present(state.policies).map((policy) => policyByName(policy, directory)),
    ...(state.assertions.length > 0 && {
      assertions: state.assertions.map((assertion) => assertionByName(assertion, directory)),
    }),
    ...(state.limits.length > 0 && { limits: state.limits.map((limit) => limitByName(limit, directory)) }),
  });
}

/** Named services that people wrote; those of the catalogue are everywhere. */
export const ownServices = (services: readonly NamedService[]): NamedService[] =>
  services.filter(({ builtIn }) => !builtIn);

/** Address sets that people write; those that feeds fill follow the feeds. */
export const ownAddressSets = (sets: readonly KnownAddressSet[]): KnownAddressSet[] =>
  sets.filter(({ isFed }) => !isFed);

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

export const limitByName = (limit: Limit, directory: Directory): DocumentLimit =>
  toNames(api.createLimit.body, limit, directory) as DocumentLimit;

export const gatewayGroupByName = (group: GatewayGroup, directory: Directory): DocumentGatewayGroup =>
  toNames(api.createGatewayGroup.body, group, directory) as DocumentGatewayGroup;

export const addressSetByName = ({ lists, ...set }: KnownAddressSet, directory: Directory): DocumentAddressSet =>
  toNames(api.createAddressSet.body, { ...set, ...(lists ?? NO_ENTRIES) }, directory) as DocumentAddressSet;

const NO_ENTRIES: AddressList = { entries: [], excluded: [] };
