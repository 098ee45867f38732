import { z } from 'zod';
import { Cidr } from './address.ts';
import { otherwise } from './format.ts';
import { Id, Instant, Name } from './ids.ts';
import { type Service, Service as ServiceSchema } from './policy.ts';

const tcp = (...ports: string[]): Service => ({ protocol: 'tcp', ports });
const udp = (...ports: string[]): Service => ({ protocol: 'udp', ports });

/** What runs on the management side of a KVM host, by the ports that each uses unless it was configured otherwise. */
export const HOST_SERVICES = {
  ssh: [tcp('22')],
  ping: [
    { protocol: 'icmp', type: 8 },
    { protocol: 'icmpv6', type: 128 },
  ],
  /** The platform's HTTPS listener, which engines call. */
  platform: [tcp('8443')],
  dns: [tcp('53'), udp('53')],
  ntp: [udp('123')],
  http: [tcp('80')],
  https: [tcp('443')],
  syslog: [tcp('514', '6514'), udp('514')],
  /** libvirtd's and virtproxyd's TLS listener; its plain one is deliberately not here. */
  'libvirt-tls': [tcp('16514')],
  /** `migration_port_min` and `migration_port_max` of libvirt's qemu.conf; storage migration uses the same range. */
  migration: [tcp('49152-49215')],
  /** VNC and SPICE from `remote_display_port_min` of libvirt's qemu.conf; the first hundred displays. */
  displays: [tcp('5900-5999')],
  nfs: [tcp('111', '2049', '20048'), udp('111', '2049', '20048')],
  /** Monitors and the daemons' range (docs.ceph.com, network configuration reference). */
  ceph: [tcp('3300', '6789', '6800-7568')],
  iscsi: [tcp('3260')],
  'nvme-tcp': [tcp('4420', '8009')],
  /** The switch's database and OVN's two. */
  ovsdb: [tcp('6640-6642')],
  openflow: [tcp('6633', '6653')],
  /** VXLAN and Geneve between hosts. */
  overlay: [udp('4789', '6081')],
} as const satisfies Record<string, readonly Service[]>;
export type HostServiceName = keyof typeof HOST_SERVICES;
export const HostServiceName = z.enum(Object.keys(HOST_SERVICES) as [HostServiceName, ...HostServiceName[]]);

/** A service of the catalogue by its name, or one of the operator's own. */
export const HostService = z.union([HostServiceName, ServiceSchema]);
export type HostService = z.infer<typeof HostService>;

export const HostFirewallRule = z.strictObject({
  /** Who opens the connection: somebody elsewhere (`in`) or this host (`out`). Answers are always let through. */
  direction: z.enum(['in', 'out']),
  action: z.enum(['allow', 'deny']),
  /** With none, every protocol and port. */
  services: z.array(HostService).max(64).default([]),
  /** Names of the policy's address sets; with none, anyone. */
  peers: z.array(Name).max(64).default([]),
  comment: z.string().max(500).default(''),
});
export type HostFirewallRule = z.infer<typeof HostFirewallRule>;

const Default = z.enum(['allow', 'deny']);

/**
 * What may reach a host's own management side, and what the host itself may reach. The first rule that matches decides;
 * then `inbound` and `outbound`. Loopback, answers, ICMP errors, neighbour discovery and DHCP can never be cut.
 */
export const HostFirewallPolicy = z
  .strictObject({
    /** `observe` cuts nothing, and counts what `enforce` would cut. */
    mode: z.enum(['observe', 'enforce']),
    inbound: Default,
    outbound: Default,
    sets: z
      .array(z.strictObject({ name: Name, cidrs: z.array(Cidr).max(10_000) }))
      .max(64)
      .default([]),
    rules: z.array(HostFirewallRule).max(500).default([]),
    /** Refuse the policy when it would cut an SSH session that is open as it arrives. */
    keepSsh: z.boolean().default(true),
  })
  .superRefine(({ sets, rules }, context) => {
    const names = new Set(sets.map(({ name }) => name));
    for (const [i, { name }] of sets.entries()) {
      if (sets.findIndex((other) => other.name === name) < i)
        context.addIssue({ code: 'custom', path: ['sets', i, 'name'], ...otherwise({ code: 'twice', params: {} }) });
    }
    for (const [i, { peers }] of rules.entries()) {
      for (const [j, name] of peers.entries()) {
        if (!names.has(name))
          context.addIssue({
            code: 'custom',
            path: ['rules', i, 'peers', j],
            ...otherwise({ code: 'unknown-set', params: { name } }),
          });
      }
    }
  });
export type HostFirewallPolicy = z.infer<typeof HostFirewallPolicy>;

const trialSeconds = z.int().min(5).max(600);

/** What one host is told. Without a policy, nothing of the product is in its packet filter. */
export const HostFirewallIntent = z.object({
  /** Rises with every change of what this host should enforce. */
  revision: z.int().min(1),
  policy: HostFirewallPolicy.nullable(),
  /** Somebody said, after it was set, that they still reach what they must. */
  confirmed: z.boolean(),
  /** How long the policy is tried before the one before it is back, unless it is confirmed. */
  trialSeconds,
});
export type HostFirewallIntent = z.infer<typeof HostFirewallIntent>;

/** Why a policy is not enforced, in codes that every language has words for. */
export const HostFirewallProblem = z.object({
  code: z.enum([
    'cuts-platform', // refused: this host could not call the platform any more
    'cuts-resolver', // refused: nor find out the platform's address
    'cuts-ssh', // refused: an open SSH session would end
    'not-confirmed', // rolled back: nobody confirmed it in time
    'platform-lost', // rolled back: it was confirmed, but this host did not reach the platform again
    'interrupted', // rolled back: the engine restarted in the middle of the trial
    'nft-missing', // failed: there is no nft on this host
    'nft-failed', // failed: the kernel or nft refused the rules
  ]),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type HostFirewallProblem = z.infer<typeof HostFirewallProblem>;

/** A socket that takes what others send, open to more than the host itself. */
export const HostListener = z.object({
  protocol: z.enum(['tcp', 'udp']),
  address: z.string().max(45),
  port: z.int().min(1).max(65535),
  /** The name of the program, as the kernel knows it; null when it has gone or belongs to another namespace. */
  process: z.string().max(64).nullable(),
});
export type HostListener = z.infer<typeof HostListener>;

const Count = z.object({ packets: z.number().min(0), bytes: z.number().min(0) });

/** What a host says of its firewall. */
export const HostFirewallStatus = z.object({
  /** The revision that the state speaks of; 0 when none was ever given. */
  revision: z.int().min(0),
  state: z.enum(['none', 'trial', 'kept', 'rolled-back', 'refused', 'failed']),
  problem: HostFirewallProblem.nullable(),
  /** The revision that is enforced beyond any trial; 0 is none. */
  kept: z.int().min(0),
  /** How often somebody else had changed the table, and it was put right again, since the engine started. */
  repairs: z.int().min(0),
  /** What each rule of the enforced policy matched first, by its place; then what the defaults decided. */
  rules: z.array(Count).max(500),
  inbound: Count.nullable(),
  outbound: Count.nullable(),
  /** Listeners that no rule of the policy speaks of. */
  unknown: z.array(HostListener).max(200),
});
export type HostFirewallStatus = z.infer<typeof HostFirewallStatus>;

/** What people set, for a host or for all that have nothing of their own. */
const HostFirewallSetting = z.object({
  /** 0 when nobody ever set anything. */
  revision: z.int().min(0),
  policy: HostFirewallPolicy.nullable(),
  trialSeconds,
  confirmed: z.boolean(),
  changedAt: Instant.nullable(),
  changedBy: z.string().nullable(),
});
export const HostFirewallDefault = HostFirewallSetting;
export type HostFirewallDefault = z.infer<typeof HostFirewallDefault>;

export const HostFirewall = HostFirewallSetting.extend({
  hostId: Id,
  hostName: Name,
  /** The default is enforced here; otherwise a policy of the host's own. */
  inherited: z.boolean(),
  /** Null before the host has said anything, as one whose engine is older than host firewalls never does. */
  status: HostFirewallStatus.nullable(),
});
export type HostFirewall = z.infer<typeof HostFirewall>;
