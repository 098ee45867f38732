import { diskOf, type VmSpec } from './spec.ts';
import { encodeTraffic } from './traffic.ts';

/** The kernel's command line of a guest; guest/init and guest/debian read the `hv.` values. */
export function kernelCommandLine(spec: VmSpec): string {
  return [
    'console=ttyS0 quiet panic=10',
    `hv.name=${spec.name} hv.ip4=${spec.ipv4} hv.ip6=${spec.ipv6}`,
    ...(diskOf(spec) ? ['hv.root=/dev/vda net.ifnames=0'] : []),
    `hv.traffic=${encodeTraffic(spec.traffic)}`,
  ].join(' ');
}
