/** A packet at the host's own input or output, as far as a host firewall looks at it. */
export interface HostPacket {
  readonly direction: 'in' | 'out';
  /** Between the host and itself. */
  readonly loopback: boolean;
  /** It answers: it goes against the direction in which its connection was opened. */
  readonly reply: boolean;
  /** The other end's address: the source of what comes in, the destination of what goes out. */
  readonly peer: string;
  /** IP protocol number. */
  readonly protocol: number;
  /** 0 where the protocol has no ports. */
  readonly sourcePort: number;
  readonly port: number;
  readonly icmp: { readonly type: number; readonly code: number } | null;
}

export const familyOf = ({ peer }: Pick<HostPacket, 'peer'>): 4 | 6 => (peer.includes(':') ? 6 : 4);
