import { existsSync } from 'node:fs';
import { virsh } from './host/libvirt.ts';
import { hostPaths, type LabLocation, locateLab } from './lab.ts';
import { isAlive } from './process.ts';
import { type LabState, readState } from './state.ts';
import type { VmSpec } from './vm/spec.ts';

export interface HostStatus {
  readonly name: string;
  readonly managementAddress: string;
  readonly libvirtSocket: string;
  readonly ovsdbSocket: string;
  /** True when every part of the host runs. */
  readonly up: boolean;
}

export interface ProcessStatus {
  readonly name: string;
  readonly where: string;
  readonly pid: number | null;
  readonly running: boolean;
  readonly logFile: string;
}

export interface VmStatus
  extends Pick<VmSpec, 'name' | 'tenant' | 'tags' | 'network' | 'vlan' | 'mac' | 'ipv4' | 'ipv6'> {
  readonly host: string;
  /** libvirt's word, or `unknown` when its host does not answer. */
  readonly state: string;
}

export interface LabStatus {
  readonly id: string;
  readonly dir: string;
  readonly up: boolean;
  readonly hosts: readonly HostStatus[];
  readonly processes: readonly ProcessStatus[];
  readonly vms: readonly VmStatus[];
}

/** What of a lab exists and runs; looks, changes nothing, and works while a lab is half up. */
export async function labStatus(where: LabLocation = {}): Promise<LabStatus> {
  const lab = locateLab(where);
  const state = readState(lab.dir);
  if (!state) return { id: lab.id, dir: lab.dir, up: false, hosts: [], processes: [], vms: [] };
  const processes = Object.values(state.processes).map((p) => ({
    name: p.name,
    where: p.where,
    pid: p.identity?.pid ?? null,
    running: p.identity !== undefined && isAlive(p.identity),
    logFile: p.logFile,
  }));
  const parts = (host: string) =>
    ['holder', 'ovsdb-server', 'ovs-vswitchd', 'virtlogd', 'libvirtd'].map((p) => `${host}/${p}`);
  const runs = (name: string) => processes.some((p) => p.name === name && p.running);
  const hosts = state.hosts.map((name) => {
    const { managementAddress, libvirtSocket, ovsdbSocket } = hostPaths(lab, name);
    return { name, managementAddress, libvirtSocket, ovsdbSocket, up: parts(name).every(runs) };
  });
  const states = new Map<string, ReadonlyMap<string, string>>();
  for (const { name, up, libvirtSocket } of hosts) {
    states.set(
      name,
      up && existsSync(libvirtSocket)
        ? parseList(await virsh(lab, name, ['list', '--all']).catch(() => ''))
        : new Map(),
    );
  }
  return {
    id: lab.id,
    dir: lab.dir,
    up: hosts.every((h) => h.up),
    hosts,
    processes,
    vms: Object.values(state.vms).map((vm) => vmStatus(vm, states.get(vm.host))),
  };
}

/** Names and states in the table that `virsh list --all` prints: an id, a name, the state's words. */
export function parseList(text: string): Map<string, string> {
  const rows = [...text.matchAll(/^ *(?:-|\d+) +(\S+) +(\S.*?) *$/gm)];
  return new Map(rows.map(([, name, state]) => [name!, state!]));
}

function vmStatus({ host, spec }: LabState['vms'][string], states: ReadonlyMap<string, string> | undefined): VmStatus {
  const { name, tenant, tags, network, vlan, mac, ipv4, ipv6 } = spec;
  return { name, host, state: states?.get(name) ?? 'unknown', tenant, tags, network, vlan, mac, ipv4, ipv6 };
}
