import type { VmSpec } from './spec.ts';
import { encodeTraffic } from './traffic.ts';

/** The kernel's command line of a probe guest; guest/init reads the `hv.` values. */
export function kernelCommandLine(spec: VmSpec): string {
  return [
    'console=ttyS0 quiet panic=10',
    `hv.name=${spec.name} hv.ip4=${spec.ipv4} hv.ip6=${spec.ipv6}`,
    `hv.traffic=${encodeTraffic(spec.traffic)}`,
  ].join(' ');
}
