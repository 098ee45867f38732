import { z } from 'zod';
import { Cidr, Ipv4, Ipv6, Mac, Vlan } from './address.ts';
import { Id, Instant, Name, Num, Tags } from './ids.ts';

export const Tenant = z.object({
  id: Id,
  num: Num,
  name: Name,
  description: z.string().max(500),
  /** What VMs of this tenant may do among themselves when no rule speaks of it. */
  intraTenant: z.enum(['allow', 'deny']),
  createdAt: Instant,
});
export type Tenant = z.infer<typeof Tenant>;

export const HostState = z.enum(['online', 'offline', 'revoked']);
export type HostState = z.infer<typeof HostState>;

/** One thing that an engine watches, and how it is. */
export const HealthItem = z.object({
  name: z.enum(['libvirt', 'ovs', 'disk', 'clock', 'spool', 'flows', 'firewall', 'listeners']),
  ok: z.boolean(),
  /** A code that the reader's language has words for, and what it needs to say them. */
  code: z.string().max(64),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type HealthItem = z.infer<typeof HealthItem>;

export const HostFacts = z.object({
  hostname: z.string().max(255),
  arch: z.string().max(32),
  cpus: z.int().min(0),
  memoryMiB: z.int().min(0),
  kernel: z.string().max(255),
  libvirt: z.string().max(32),
  hypervisor: z.string().max(64),
  ovs: z.string().max(64).nullable(),
  engine: z.string().max(64),
  /** The libvirt address at which other hosts reach this one, to migrate VMs to it: `qemu+tls://h2/system`. */
  migrationUri: z.string().max(255).optional(),
});
export type HostFacts = z.infer<typeof HostFacts>;

export const Host = z.object({
  id: Id,
  name: Name,
  state: HostState,
  facts: HostFacts.nullable(),
  health: z.array(HealthItem),
  /** Revision of the intent that the host should enforce, and the one it says it enforces. */
  intentRevision: z.int(),
  appliedRevision: z.int(),
  applyError: z.string().nullable(),
  vms: z.int(),
  enrolledAt: Instant,
  lastSeenAt: Instant.nullable(),
  certificateExpiresAt: Instant,
});
export type Host = z.infer<typeof Host>;

/** The states of a libvirt domain (virDomainState), and `gone` for one that no host reports any more. */
export const VmState = z.enum([
  'running',
  'blocked',
  'paused',
  'shutdown',
  'shutoff',
  'crashed',
  'pmsuspended',
  'nostate',
  'gone',
]);
export type VmState = z.infer<typeof VmState>;

/** Why a vNIC's traffic is policed, or why not. */
export const Protection = z.enum([
  'enforced',
  'pending',
  'not-on-switch',
  'no-network',
  'no-address',
  'no-tenant',
  'off',
]);
export type Protection = z.infer<typeof Protection>;

export const Vnic = z.object({
  id: Id,
  num: Num,
  vmId: Id,
  networkId: Id.nullable(),
  mac: Mac,
  ipv4: z.array(Ipv4).max(64),
  ipv6: z.array(Ipv6).max(64),
  device: z.string().max(64).nullable(),
  ofport: z.int().nullable(),
  protection: Protection,
});
export type Vnic = z.infer<typeof Vnic>;

/** Why a VM is cut off from every network, by whom and since when. */
export const Quarantine = z.object({
  reason: z.string().trim().min(1).max(500),
  by: z.string(),
  since: Instant,
});
export type Quarantine = z.infer<typeof Quarantine>;

export const Vm = z.object({
  id: Id,
  name: z.string().min(1).max(255),
  hostId: Id.nullable(),
  tenantId: Id.nullable(),
  state: VmState,
  vcpus: z.int().min(0),
  memoryMiB: z.int().min(0),
  hypervisor: z.enum(['kvm', 'qemu', 'other']),
  tags: Tags,
  vnics: z.array(Vnic),
  /** Null when it is not quarantined. */
  quarantine: Quarantine.nullable(),
  firstSeenAt: Instant,
  changedAt: Instant,
});
export type Vm = z.infer<typeof Vm>;

export const Network = z.object({
  id: Id,
  /** Conntrack zone and register value: 1 … 65535. */
  num: z.int().min(1).max(65535),
  name: Name,
  vlan: Vlan.nullable(),
  cidrs: z.array(Cidr).max(16),
  /** Whose network it is; null when tenants share it. */
  tenantId: Id.nullable(),
  /** How many VMs have a vNIC here. */
  vms: z.int(),
  createdAt: Instant,
});
export type Network = z.infer<typeof Network>;
