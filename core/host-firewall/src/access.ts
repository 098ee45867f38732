import type { HostFirewallPolicy, HostFirewallProblem } from '@hypervigil/model';
import { TCP, UDP } from './always.ts';
import { evaluate } from './evaluate.ts';
import type { HostPacket } from './packet.ts';

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** How this host is managed now: what a policy must not cut. Nothing of it lies on the host itself. */
export interface ManagementAccess {
  /** The platform's addresses; one of them has to stay. */
  readonly platform: readonly Endpoint[];
  /** Name servers, when the platform is known by a name; one of them has to stay. */
  readonly resolvers: readonly string[];
  /** Open SSH sessions: the other end's address, and the port here. */
  readonly ssh: readonly Endpoint[];
}

/** The first thing by which a policy would lock its own operator out; null when there is none. */
export function accessProblem(policy: HostFirewallPolicy, access: ManagementAccess): HostFirewallProblem | null {
  const isCut = (packet: Pick<HostPacket, 'direction' | 'peer' | 'protocol' | 'port'>): boolean =>
    evaluate(policy, { ...packet, loopback: false, reply: false, sourcePort: ANY_CLIENT_PORT, icmp: null }).verdict ===
    'drop';
  const [platform] = access.platform;
  if (
    platform &&
    access.platform.every(({ address, port }) => isCut({ direction: 'out', peer: address, protocol: TCP, port }))
  )
    return { code: 'cuts-platform', params: { address: platform.address, port: platform.port } };
  const [resolver] = access.resolvers;
  // Resolvers ask by UDP, and by TCP only when an answer is too long (RFC 7766).
  if (resolver && access.resolvers.every((peer) => isCut({ direction: 'out', peer, protocol: UDP, port: DNS })))
    return { code: 'cuts-resolver', params: { address: resolver } };
  const ssh =
    policy.keepSsh &&
    access.ssh.find(({ address, port }) => isCut({ direction: 'in', peer: address, protocol: TCP, port }));
  return ssh ? { code: 'cuts-ssh', params: { address: ssh.address, port: ssh.port } } : null;
}

const DNS = 53;
/** Rules look at the port that is called, never at the caller's. */
const ANY_CLIENT_PORT = 50_000;

/** True when a policy cannot cut anything, and so needs no trial. */
export const cutsNothing = (policy: HostFirewallPolicy | null): boolean =>
  policy === null ||
  policy.mode === 'observe' ||
  (policy.inbound === 'allow' && policy.outbound === 'allow' && policy.rules.every(({ action }) => action === 'allow'));
