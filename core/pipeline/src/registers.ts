/** What the pipeline keeps in registers while a packet passes. All are zero at first. */
export const REG = {
  flags: 'reg0',
  /** Number of the rule that decided. */
  rule: 'reg1',
  /** {@link VERDICT}; zero while nobody has decided. */
  verdict: 'reg2',
  /** {@link OBSERVED}: where and in which direction the packet is judged. */
  observed: 'reg3',
  /** {@link COMMIT}: what becomes of the connection when the packet is allowed. */
  commit: 'reg4',
  /** Number of the vNIC that sent the packet; zero from the trunk. */
  vnic: 'reg5',
  /** Network number, which is also the conntrack zone. */
  network: 'reg6',
  /** OpenFlow port of the destination; zero when it is not on this host. */
  port: 'reg7',
  /** {@link OWNER} of source and destination address: a tenant's number or one of the two below. */
  source: 'reg8',
  destination: 'reg9',
  /** The tenant whose rules may speak of the packet. */
  scope: 'reg10',
  /** First rule number while a second opinion is asked for. */
  firstRule: 'reg11',
  /** What was drawn for the packet's connection, where a mirror copies some of them; nobody else looks at it then. */
  lot: 'reg11',
  /** Number of the gateway that the packet goes through first, in the low half; zero without. Where others are: {@link LINKS}. */
  gateway: 'reg14',
  /** Number of the group whose gateway is chosen, in the low half; zero when the rule names none. */
  chain: 'reg15',
  /** Between two gateways: the link of its connection's chain that a packet comes to next. */
  hop: 'reg15',
  /** Number of the staged rule that had the last word on the pending verdict; zero when none spoke. */
  pendingRule: 'reg12',
  /** {@link VERDICT} that there would be if staged rules were enforced. While it is zero, they match. */
  pendingVerdict: 'reg13',
  /** In the low half: number of the mirror that was offered the packet last; zero when none was. Above: {@link MEMBER_OF}. */
  mirror: 'metadata',
} as const;

export const FLAG = {
  /** The packet came over the trunk. */
  trunk: 1,
  /** One end's connections may be unknown to this host's conntrack. */
  carryOver: 2,
  /** The rule lets pass what no gateway can take. */
  failOpen: 0x100,
  /** A gateway was chosen just now: the connection is to remember it. */
  chosen: 0x200,
  /** The gateways after the first have been chosen. */
  linked: 0x400,
  /** None of a link's gateways can take it, and the rule lets it pass without. */
  skipped: 0x800,
  /** None of a later link's gateways can take it, and the rule does not let it pass. */
  unserved: 0x1000,
  /** One end is quarantined. */
  quarantine: 4,
  /** The connection is one of those that its rule records: it is to remember it. */
  logged: 0x1_0000,
} as const;

export const VERDICT = { allow: 1, deny: 2 } as const;

export const OBSERVED = { ingress: 1, reply: 2, deny: 4, pending: 0x100, inspection: 0x200 } as const;

export const COMMIT = {
  /** It is known already. */
  none: 0,
  /** It is new. */
  begin: 1,
  /** It is not new although conntrack does not know it, and this packet is a reply. */
  reversed: 2,
  /** It is new, and takes the place of one in the other direction. */
  turned: 3,
  /** The packet only speaks of it (an ICMP error). */
  related: 4,
} as const;

/** The bits of {@link REG.mirror} that say in which large sets a packet's ends are: the first one of each, and how many. */
export const MEMBER_OF = { source: 32, destination: 48, sets: 16 } as const;

/** `ct_mark` bit: conntrack's reply direction is this connection's original one. */
export const REVERSED_MARK = 1;

/** `ct_mark` bit: the connection was drawn to be recorded, by the rule in its label. */
export const LOGGED_MARK = 2;

export const OWNER = {
  outside: 0,
  /** A vNIC has the address, but no tenant the vNIC; or two tenants claim it. */
  nobody: 0xffff_ffff,
} as const;

/** Where the gateway of each link of a chain is: in a register's half while a packet passes, and in its connection's label. */
export const LINKS = [
  { register: REG.gateway, half: 0, label: 32 },
  { register: REG.gateway, half: 16, label: 48 },
  { register: REG.chain, half: 16, label: 64 },
] as const;
export type Link = (typeof LINKS)[number];
