/** What a gateway is made of. Whatever is changed here gives another image. */

/** The distribution's packages whose programs run inside. */
export const PROGRAM_PACKAGES = [
  'busybox-static',
  'nftables',
  'conntrack',
  'tcpdump',
  'libndpi-bin',
  'libstdc++6',
  'libatomic1',
] as const;

/** Packages whose programs make the image: pinned like the others, because their output is the image. */
export const TOOL_PACKAGES = ['squashfs-tools'] as const;

/** What an image may have besides. Where a distribution does not have it, the manifest of an image without says so. */
export const ENGINES = {
  suricata: {
    package: 'suricata',
    programs: { 'usr/bin/suricata': 'bin/suricata' },
    /** From the package as they are: what its rules call classes and references, and how many alerts are too many. */
    files: ['classification', 'reference', 'threshold'].map((name) => `etc/suricata/${name}.config`),
  },
} as const satisfies Record<string, Engine>;
export type EngineName = keyof typeof ENGINES;
export const ENGINE_NAMES = Object.keys(ENGINES) as EngineName[];

export interface Engine {
  readonly package: string;
  readonly programs: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

/** Where a program comes from in the packages' tree, and where it goes. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  'bin/busybox': 'bin/busybox',
  'usr/sbin/nft': 'bin/nft',
  'usr/sbin/conntrack': 'bin/conntrack',
  'usr/bin/tcpdump': 'bin/tcpdump',
};

/** Opened at run time, not named in any program: `libndpi.so.4.2` or what the distribution has. */
export const OPENED_LIBRARY = /^libndpi\.so\.\d+(\.\d+)?$/;

/** The kernel has these as modules. The first ones find the root file system. */
export const ROOT_MODULES = ['loop', 'squashfs'] as const;
export const MODULES = [
  ...['virtio_pci', 'virtio_net', 'virtio_console', 'virtio_rng', 'virtio_mem', 'af_packet'],
  ...['bridge', 'nf_tables', 'nf_conntrack', 'nf_conntrack_bridge', 'nf_conntrack_netlink'],
  ...[
    'nft_ct',
    'nft_objref',
    'nft_meta_bridge',
    'nft_log',
    'nfnetlink_log',
    'nft_limit',
    'nft_reject_bridge',
    'nft_queue',
    'nfnetlink_queue',
    'nft_connlimit',
  ],
] as const;

/**
 * The kernel's command line: the same for every gateway, so that it can be measured. A panic restarts the machine. No
 * address of its own in IPv6; it has none in IPv4 either.
 */
export const COMMAND_LINE = 'console=ttyS0 quiet panic=1 random.trust_cpu=on ipv6.disable_ipv6=1';

/** Whoever runs what meets hostile bytes: no rights, no home. */
export const USERS = ['root:x:0:0:::', 'tcpdump:x:65533:65533:::', 'detector:x:65534:65534:::', ''].join('\n');
