import type { HostFirewallPolicy, HostListener, Service } from '@hypervigil/model';
import { compileServices, contains, parseBlock } from '@hypervigil/policy';
import { DHCP, TCP, UDP } from './always.ts';
import { servicesOf } from './catalogue.ts';

const LOOPBACK = ['127.0.0.0/8', '::1', '::ffff:127.0.0.0/104'].map((cidr) => parseBlock(cidr)!);

/**
 * Listeners that no inbound rule names, open to more than the host itself. A rule for every service names none: whoever
 * wrote it did not think of this one.
 */
export function unknownListeners(policy: HostFirewallPolicy, listeners: readonly HostListener[]): HostListener[] {
  const named: Service[] = policy.rules
    .filter(({ direction }) => direction === 'in')
    .flatMap(({ services }) => servicesOf(services));
  const known = compileServices(named);
  return listeners.filter(({ protocol, address, port }) => {
    const block = parseBlock(address);
    if (block && LOOPBACK.some((loopback) => contains(loopback, block))) return false;
    if (protocol === 'udp' && DHCP.some(({ client }) => client === port)) return false;
    const number = protocol === 'tcp' ? TCP : UDP;
    return !known.some(
      (service) =>
        service.protocol === number &&
        (service.ports === null || (service.ports.first <= port && port <= service.ports.last)),
    );
  });
}
