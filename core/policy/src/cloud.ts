import {
  type AddressSet,
  type Group,
  type Hours,
  type Id,
  type Limit,
  type LimitKind,
  type NamedService,
  type Network,
  type Policy,
  type ReadGroup,
  readGroup,
  type Tenant,
  type Vm,
  type Vnic,
} from '@hypervigil/model';
import type { AddressList } from './address-list.ts';

export type CloudTenant = Pick<Tenant, 'id' | 'num' | 'intraTenant'>;
export type CloudNetwork = Pick<Network, 'id' | 'num' | 'vlan' | 'tenantId'>;
export type CloudVnic = Pick<Vnic, 'id' | 'num' | 'networkId' | 'mac' | 'ipv4' | 'ipv6'>;
export type CloudVm = Pick<Vm, 'id' | 'tenantId' | 'tags'> & {
  readonly vnics: readonly CloudVnic[];
  readonly quarantined: boolean;
};
export type CloudGroup = ReadGroup & Pick<Group, 'num'>;
/** The addresses of `entries` but those of `excluded`; see {@link inAddressSet}. */
export type CloudAddressSet = Pick<AddressSet, 'id' | 'num'> & AddressList;
export type CloudSchedule = { readonly id: Id } & Hours;
/** Services of one's own under a name; those of the catalogue everybody has. */
export type CloudService = Pick<NamedService, 'id' | 'services'>;
/** What vNICs and networks may have at most. */
export type CloudLimit = Pick<
  Limit,
  'id' | 'num' | 'vmIds' | 'groupIds' | 'networkIds' | 'tenantIds' | LimitKind | 'networkOpen'
>;
export type CloudPolicy = Pick<Policy, 'id' | 'tier' | 'tenantId' | 'order' | 'enabled' | 'rules'>;

/** All that a verdict depends on, as people see it. Policies are the published ones. */
export interface CloudState {
  readonly tenants: readonly CloudTenant[];
  readonly networks: readonly CloudNetwork[];
  readonly vms: readonly CloudVm[];
  readonly groups: readonly CloudGroup[];
  readonly addressSets: readonly CloudAddressSet[];
  readonly schedules: readonly CloudSchedule[];
  readonly namedServices: readonly CloudService[];
  readonly policies: readonly CloudPolicy[];
  readonly limits: readonly CloudLimit[];
}

/** What changed: rows that are new or different, and the ids of those that are gone. */
export interface CloudChange {
  readonly upsert?: Partial<CloudState>;
  readonly remove?: { readonly [Kind in keyof CloudState]?: readonly Id[] };
}

/** A group as people have it, for verdicts: its selector is read. */
export const cloudGroup = (group: Pick<Group, keyof CloudGroup>): CloudGroup => ({
  num: group.num,
  ...readGroup(group),
});
