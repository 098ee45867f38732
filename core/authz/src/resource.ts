import type { Duty, Id, ResourceKind, Scope, Tier } from '@hypervigil/model';

/** Who asks. */
export interface Principal {
  readonly id: Id;
  readonly duty: Duty;
  /** Null for the provider's people. */
  readonly tenantId: Id | null;
  readonly scope: Scope;
  readonly disabled: boolean;
}

/** What is asked about: as much of it as policies look at. */
export interface Resource {
  readonly kind: ResourceKind;
  readonly id: Id | null;
  /** Whose it is; null is the provider's. */
  readonly tenantId: Id | null;
  /** Groups and networks that it is part of, or is. */
  readonly partIds?: readonly Id[];
  /** Of a policy. */
  readonly tier?: Tier;
  /** Of an account. */
  readonly duty?: Duty;
}

/** What is there of each kind in Cedar's schema. */
export const CEDAR_TYPE = {
  platform: 'Platform',
  host: 'Host',
  exporter: 'Exporter',
  gateway: 'Gateway',
  'gateway-group': 'GatewayGroup',
  mirror: 'Mirror',
  capture: 'Capture',
  vm: 'VM',
  network: 'Network',
  tenant: 'TenantRecord',
  group: 'Group',
  'address-set': 'AddressSet',
  catalogue: 'Catalogue',
  assertion: 'Assertion',
  limit: 'Limit',
  policy: 'Policy',
  flow: 'Flow',
  alert: 'Alert',
  detector: 'Detector',
  playbook: 'Playbook',
  notification: 'Notification',
  task: 'Task',
  audit: 'AuditEntry',
  account: 'Account',
} as const satisfies Readonly<Record<ResourceKind, string>>;
