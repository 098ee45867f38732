const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', 132: 'sctp' };
const TYPED: ReadonlySet<number> = new Set([1, 58]);

interface OneService {
  readonly protocol: number;
  readonly port: number | null;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
}

/** `tcp/443`, `icmp/8/0`, `ip/47`. */
export function serviceText({ protocol, port, icmpType, icmpCode }: OneService): string {
  const name = PROTOCOLS[protocol];
  if (name === undefined) return `ip/${protocol}`;
  const details = TYPED.has(protocol) ? [icmpType, icmpCode] : [port];
  return [name, ...details.filter((one) => one !== null)].join('/');
}
