import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { LabError } from '../errors.ts';
import { checkHostName, checkVmName } from '../names.ts';
import type { Traffic } from './traffic.ts';

/** What a lab VM is. Addresses are static: the lab has no DHCP. */
export interface VmSpec {
  readonly name: string;
  readonly tenant: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly network: string;
  /** VLAN of the network on the hosts' trunk, 1 to 4094. */
  readonly vlan: number;
  readonly mac: string;
  /** With prefix length: `10.77.0.11/24`. */
  readonly ipv4: string;
  /** With prefix length: `fd77::11/64`. */
  readonly ipv6: string;
  readonly memoryMiB: number;
  readonly traffic: Traffic;
  /**
   * `probe`: the distribution's kernel with busybox, perl and the lab's programs in memory. `debian`: the same kernel with
   * a whole system, systemd and sshd, on a disk of its own.
   */
  readonly guest: 'probe' | 'debian';
}

/** A VM to make: what is left out follows from its name, so that the same request always gives the same VM. */
export type VmRequest = Pick<VmSpec, 'name' | 'tenant' | 'ipv4' | 'ipv6'> &
  Partial<VmSpec> & {
    readonly host: string;
  };

/** A locally administered address made from a name: the same VM has the same one on every machine. */
export function macOf(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 3);
  return ['52', '54', '00', ...[...bytes].map((b) => b.toString(16).padStart(2, '0'))].join(':');
}

/** Fills in what was left out, and refuses what could not be a VM. */
export function vmSpec(request: VmRequest): VmSpec {
  const { host, ...given } = request;
  checkHostName(host);
  checkVmName(given.name);
  const spec: VmSpec = {
    tags: {},
    network: 'prod',
    vlan: 100,
    mac: macOf(given.name),
    guest: 'probe',
    memoryMiB: given.guest === 'debian' ? 512 : 128,
    traffic: [],
    ...given,
  };
  const bad = (what: string) => new LabError('LAB_VM', `VM ${spec.name}: ${what}`);
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(spec.tenant)) throw bad(`tenant ${JSON.stringify(spec.tenant)}`);
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(spec.network)) throw bad(`network ${JSON.stringify(spec.network)}`);
  if (!(spec.vlan >= 1 && spec.vlan <= 4094)) throw bad(`VLAN ${spec.vlan} is not within 1 and 4094`);
  if (spec.guest !== 'probe' && spec.guest !== 'debian') throw bad(`guest ${JSON.stringify(spec.guest)}`);
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(spec.mac)) throw bad(`MAC ${JSON.stringify(spec.mac)}`);
  if (!isPrefix(spec.ipv4, isIPv4, 32)) throw bad(`IPv4 ${JSON.stringify(spec.ipv4)}; write it as 10.77.0.11/24`);
  if (!isPrefix(spec.ipv6, isIPv6, 128)) throw bad(`IPv6 ${JSON.stringify(spec.ipv6)}; write it as fd77::11/64`);
  if (!(spec.memoryMiB >= 96 && spec.memoryMiB <= 65536)) throw bad(`memory ${spec.memoryMiB} MiB`);
  for (const [key, value] of Object.entries(spec.tags)) {
    if (!/^[a-z0-9_.-]+$/i.test(key) || !/^[a-z0-9_.-]+$/i.test(value)) throw bad(`tag ${key}=${value}`);
  }
  return spec;
}

function isPrefix(text: string, isAddress: (s: string) => boolean, bits: number): boolean {
  const [address, length, ...rest] = text.split('/');
  return rest.length === 0 && isAddress(address ?? '') && /^\d+$/.test(length ?? '') && Number(length) <= bits;
}

/** An address without its prefix length. */
export function addressOf(prefix: string): string {
  return prefix.split('/')[0]!;
}

/** The file of a full guest's disk in the lab's shared storage. */
export const diskOf = (spec: VmSpec): string | undefined =>
  spec.guest === 'debian' ? `${spec.name}.qcow2` : undefined;
