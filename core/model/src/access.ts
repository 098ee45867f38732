import { z } from 'zod';
import { Id, Instant, Name } from './ids.ts';

/**
 * What a person is there for; everybody has exactly one duty. The provider's powers are separate (system, security,
 * audit); `bootstrap` is the account that a new platform begins with and has all of them.
 */
export const DUTIES = ['bootstrap', 'system', 'security', 'audit', 'tenant-admin', 'tenant-member'] as const;
export const Duty = z.enum(DUTIES);
export type Duty = z.infer<typeof Duty>;

/** What accounts can be made for: nobody makes another `bootstrap`. */
export const PROVIDER_DUTIES = ['system', 'security', 'audit'] as const satisfies readonly Duty[];
export const TENANT_DUTIES = ['tenant-admin', 'tenant-member'] as const satisfies readonly Duty[];
export const isTenantDuty = (duty: Duty): boolean => (TENANT_DUTIES as readonly Duty[]).includes(duty);

/** The part of a tenant that a member's rights are for: VMs of these groups and on these networks. Empty: all of it. */
export const Scope = z.strictObject({
  groupIds: z.array(Id).max(100).default([]),
  networkIds: z.array(Id).max(100).default([]),
});
export type Scope = z.infer<typeof Scope>;

export const isWhole = ({ groupIds, networkIds }: Scope): boolean => groupIds.length + networkIds.length === 0;

/** A person who can sign in. */
export const Account = z.object({
  id: Id,
  name: Name,
  duty: Duty,
  /** Whose person it is; null is the provider's. */
  tenantId: Id.nullable(),
  scope: Scope,
  disabled: z.boolean(),
  /** The password is one that works once. */
  mustChangePassword: z.boolean(),
  createdBy: z.string(),
  createdAt: Instant,
  lastSignInAt: Instant.nullable(),
});
export type Account = z.infer<typeof Account>;

/** What things can be asked of, for authorisation. A thing of a tenant has that tenant; the provider's have none. */
export const RESOURCE_KINDS = [
  'platform',
  'host',
  'exporter',
  'gateway',
  'gateway-group',
  'mirror',
  'capture',
  'vm',
  'network',
  'tenant',
  'group',
  'address-set',
  'catalogue',
  'assertion',
  'limit',
  'policy',
  'flow',
  'alert',
  'detector',
  'playbook',
  'notification',
  'task',
  'audit',
  'account',
] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/**
 * Everything that people do, and what they do it to. Every operation of the API names one of these; who may do which is
 * said by the policies of core/authz and nowhere else.
 */
export const PERMISSIONS = {
  /** Knowing and ending one's own session. */
  'session:own': 'platform',
  /** Figures and news, cut to what else one may read. */
  'platform:watch': 'platform',
  'host:read': 'host',
  'host:administer': 'host',
  /** The firewall of the host itself. */
  'host:secure': 'host',
  /** Who beside the hosts is believed what it tells of flows. */
  'exporter:read': 'exporter',
  'exporter:write': 'exporter',
  'gateway:read': 'gateway',
  'gateway:administer': 'gateway',
  'gateway-group:read': 'gateway-group',
  'gateway-group:write': 'gateway-group',
  'mirror:read': 'mirror',
  'mirror:write': 'mirror',
  /** That something was captured, by whom, and how much. */
  'capture:list': 'capture',
  'capture:take': 'capture',
  /** What is in it: the content of the tenant's traffic. */
  'capture:read': 'capture',
  'vm:read': 'vm',
  'vm:operate': 'vm',
  'vm:migrate': 'vm',
  /** Whose a VM is, its tags, its networks and addresses: what rules of every tier go by. */
  'vm:assign': 'vm',
  'vm:quarantine': 'vm',
  'network:read': 'network',
  'network:write': 'network',
  'tenant:read': 'tenant',
  'tenant:write': 'tenant',
  'group:read': 'group',
  'group:write': 'group',
  'address-set:read': 'address-set',
  'address-set:write': 'address-set',
  /** Services and schedules under a name, the same for all. */
  'catalogue:read': 'catalogue',
  'catalogue:write': 'catalogue',
  'assertion:read': 'assertion',
  'assertion:write': 'assertion',
  /** What vNICs may have at most. */
  'limit:read': 'limit',
  'limit:write': 'limit',
  'policy:read': 'policy',
  'policy:write': 'policy',
  'policy:publish': 'policy',
  'policy:approve': 'policy',
  /** Questions about the policies of the whole cloud. */
  'policy:analyse': 'policy',
  /** Changes of the draft that look at the whole cloud: a revision restored, a recommendation taken. */
  'policy:rewrite': 'policy',
  /** How many people have to approve. */
  'policy:govern': 'policy',
  'flow:read': 'flow',
  'alert:read': 'alert',
  /** Saying what an alert turned out to be, and who looks after it. */
  'alert:write': 'alert',
  /** Which alerts belong together: of several tenants, too. */
  'alert:arrange': 'alert',
  /** Cutting off what an alert is about, and taking it back. */
  'alert:respond': 'alert',
  /** How soon detectors tell, and of whom. */
  'detector:read': 'detector',
  'detector:write': 'detector',
  /** What is done about alerts without anybody doing it. */
  'playbook:read': 'playbook',
  'playbook:write': 'playbook',
  /** Who is told of alerts, and what became of it. */
  'notification:read': 'notification',
  'notification:write': 'notification',
  'task:read': 'task',
  'audit:read': 'audit',
  'account:read': 'account',
  'account:write': 'account',
} as const satisfies Readonly<Record<string, ResourceKind>>;
export const Permission = z.enum(
  Object.keys(PERMISSIONS) as [keyof typeof PERMISSIONS, ...(keyof typeof PERMISSIONS)[]],
);
export type Permission = z.infer<typeof Permission>;

/** Why something is not permitted, what tells most first; the words are in core/contract. */
export const DENIALS = [
  'disabled',
  'own-account',
  'other-tenant',
  'beyond-own-rights',
  'provider-tier',
  'provider-only',
  'out-of-scope',
  'duty',
] as const;
export const Denial = z.enum(DENIALS);
export type Denial = z.infer<typeof Denial>;
