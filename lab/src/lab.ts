import { join } from 'node:path';
import { LabError } from './errors.ts';
import { type LabNames, labNames, managementAddress } from './names.ts';
import { type LabState, readState } from './state.ts';

/** Where a lab lives. Plain data: everything that changes is in the state file. */
export interface Lab {
  readonly id: string;
  readonly dir: string;
  readonly cacheDir: string;
  /** Where its hosts have their gateway image from, and its builder's key. */
  readonly gatewayDir: string;
  readonly names: LabNames;
}

export interface LabLocation {
  /** Several labs may exist at once; `hv` unless told. */
  readonly id?: string;
  /** HV_STATE_DIR, or /var/lib/hypervigil. Keep it short: unix sockets below it may have 107 characters. */
  readonly stateDir?: string;
  /** HV_CACHE_DIR, or /var/cache/hypervigil. */
  readonly cacheDir?: string;
  /** HV_GATEWAY_DIR, or the cache, where `hv gateway build` puts it. */
  readonly gatewayDir?: string;
}

/** Names a lab, whether it is up or not. */
export function locateLab(where: LabLocation = {}): Lab {
  const id = where.id ?? process.env['HV_LAB_ID'] ?? 'hv';
  const names = labNames(id);
  const stateDir = where.stateDir ?? process.env['HV_STATE_DIR'] ?? '/var/lib/hypervigil';
  const dir = join(stateDir, 'lab', id);
  const cacheDir = where.cacheDir ?? process.env['HV_CACHE_DIR'] ?? '/var/cache/hypervigil';
  const gatewayDir = where.gatewayDir ?? process.env['HV_GATEWAY_DIR'] ?? cacheDir;
  if (dir.length > 45) throw new LabError('LAB_BAD_NAME', `${dir} is too long for unix sockets below it`);
  return { id, dir, cacheDir, gatewayDir, names };
}

export function labState(lab: Lab): LabState {
  const state = readState(lab.dir);
  if (!state) throw new LabError('LAB_NOT_UP', `Lab ${lab.id} is not up; start it with: hv lab up --id ${lab.id}`);
  return state;
}

/** Where a host's files are, seen from outside its namespaces. */
export interface HostPaths {
  readonly dir: string;
  readonly run: string;
  readonly logs: string;
  readonly libvirtSocket: string;
  readonly ovsdbSocket: string;
  readonly bridgeManagementSocket: string;
  /** For the engine's own state; the same path inside and outside the host. */
  readonly engine: string;
  readonly managementAddress: string;
  /** Storage that all hosts of the lab share; inside a host it is /var/lib/libvirt/images. */
  readonly shared: string;
}

export function hostPaths(lab: Lab, host: string): HostPaths {
  const state = labState(lab);
  const index = state.hosts.indexOf(host);
  if (index < 0)
    throw new LabError('LAB_BAD_NAME', `Lab ${lab.id} has no host ${host}; it has ${state.hosts.join(', ')}`);
  const dir = join(lab.dir, 'hosts', host);
  return {
    dir,
    run: join(dir, 'run'),
    logs: join(dir, 'log'),
    libvirtSocket: join(dir, 'run/libvirt/libvirt-sock'),
    ovsdbSocket: join(dir, 'run/openvswitch/db.sock'),
    bridgeManagementSocket: join(dir, 'run/openvswitch/br-int.mgmt'),
    engine: join(dir, 'engine'),
    managementAddress: managementAddress(state.subnet, index),
    shared: join(lab.dir, 'shared'),
  };
}
