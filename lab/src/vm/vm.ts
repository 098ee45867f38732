import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../errors.ts';
import { virsh } from '../host/libvirt.ts';
import { ensureDebian } from '../image/debian.ts';
import { hostPaths, type Lab, labState } from '../lab.ts';
import { stableUuid } from '../names.ts';
import { runOk } from '../run.ts';
import { updateState, type VmRecord } from '../state.ts';
import { waitFor } from '../wait.ts';
import { askGuest, type GuestExecOptions, type GuestResult } from './channel.ts';
import { conditionOf } from './condition.ts';
import { diskOf, type VmRequest, type VmSpec, vmSpec } from './spec.ts';
import { domainXml } from './xml.ts';

/** As QEMU in the host sees it; the run directory is reachable from outside, too. */
const channelFile = (name: string) => `hv-${name}.sock`;

export interface CreatedVm {
  readonly name: string;
  readonly host: string;
  readonly uuid: string;
  readonly interfaceId: string;
  readonly spec: VmSpec;
}

function record(lab: Lab, name: string): VmRecord {
  const found = labState(lab).vms[name];
  if (!found) throw new LabError('LAB_VM', `Lab ${lab.id} has no VM ${name}; hv lab vm list shows them`);
  return found;
}

/** Identity of a VM's port on the switch: external_ids:iface-id of its Interface. */
export function interfaceIdOf(lab: Lab, name: string): string {
  return stableUuid(labState(lab).uuid, `vnic/${name}/0`);
}

/** Defines and starts a VM and waits until its guest answers; refuses a name that is taken. */
export async function createVm(lab: Lab, request: VmRequest): Promise<CreatedVm> {
  if (labState(lab).vms[request.name]) throw new LabError('LAB_VM', `Lab ${lab.id} has a VM ${request.name} already`);
  return ensureVm(lab, request);
}

/** Like {@link createVm}, but a VM that runs already is left as it is, on whatever host it is by now. */
export async function ensureVm(lab: Lab, request: VmRequest): Promise<CreatedVm> {
  const { uuid: labUuid, vms, image } = labState(lab);
  if (!image) throw new LabError('LAB_NOT_UP', `Lab ${lab.id} has no guest image yet; bring it up first`);
  const spec = vms[request.name]?.spec ?? vmSpec(request);
  const host = vms[request.name]?.host ?? request.host;
  const created: CreatedVm = {
    name: spec.name,
    host,
    uuid: stableUuid(labUuid, `vm/${spec.name}`),
    interfaceId: interfaceIdOf(lab, spec.name),
    spec,
  };
  if (vms[spec.name] && (await powerState(lab, spec.name)) === 'running') return created;
  const paths = hostPaths(lab, host);
  await place(lab, host, spec);
  const channel = join('/run', channelFile(spec.name));
  const xml = domainXml(spec, { uuid: created.uuid, interfaceId: created.interfaceId, image, channel });
  const file = join(paths.dir, `${spec.name}.xml`);
  writeFileSync(file, xml);
  await ensureDisk(lab, spec);
  await virsh(lab, host, ['define', file]);
  await virsh(lab, host, ['start', spec.name], { timeoutMs: 120_000 });
  await waitForGuest(lab, spec.name);
  return created;
}

/** A full guest's own disk on top of the cached image. */
async function ensureDisk(lab: Lab, spec: VmSpec): Promise<void> {
  const file = diskOf(spec);
  const path = file && join(lab.dir, 'shared', file);
  if (!path || existsSync(path)) return;
  const base = await ensureDebian(lab.cacheDir);
  await runOk(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', base, `${path}.new`]);
  renameSync(`${path}.new`, path);
}

/** Waits until a guest's agent answers. */
async function waitForGuest(lab: Lab, name: string): Promise<void> {
  const answer = await guestExec(lab, name, ['true'], { timeoutS: 60 });
  if (answer.code !== 0)
    throw new LabError('LAB_GUEST', `Guest ${name} answered with ${answer.code}: ${answer.stderr}`);
}

/** Runs a command in a probe guest through its control channel. */
export async function guestExec(
  lab: Lab,
  name: string,
  argv: readonly string[],
  options?: GuestExecOptions,
): Promise<GuestResult> {
  const host = await hostOf(lab, name);
  const socket = join(hostPaths(lab, host).run, channelFile(name));
  await waitFor(`control channel of ${name}`, () => existsSync(socket), { timeoutMs: 60_000 });
  return askGuest(socket, argv, options).catch(async (cause: Error) => {
    throw new LabError('LAB_GUEST', `${cause.message}\n${await conditionOf(lab, host, name)}`, cause);
  });
}

/** Like {@link guestExec}; hands back stdout, and fails unless the command ended with 0. */
export async function guestOk(
  lab: Lab,
  name: string,
  argv: readonly string[],
  options?: GuestExecOptions,
): Promise<string> {
  const result = await guestExec(lab, name, argv, options);
  if (result.code !== 0) {
    throw new LabError(
      'LAB_GUEST',
      `${argv.join(' ')} in ${name} ended with ${result.code}: ${result.stderr || result.stdout}`,
    );
  }
  return result.stdout;
}

/** libvirt's word for a VM's state: `running`, `shut off`, `paused`, … or `absent`. */
export async function powerState(lab: Lab, name: string): Promise<string> {
  const host = await hostOf(lab, name);
  const listed = await virsh(lab, host, ['list', '--all', '--name']);
  if (!listed.split('\n').includes(name)) return 'absent';
  return (await virsh(lab, host, ['domstate', name])).trim();
}

/**
 * The host on which a VM is. Anybody with libvirt at hand may move one, so the record is only where to look first; what
 * is found is remembered.
 */
export async function hostOf(lab: Lab, name: string): Promise<string> {
  const { host, spec } = record(lab, name);
  const candidates = [host, ...labState(lab).hosts.filter((h) => h !== host)];
  for (const candidate of candidates) {
    const listed = await virsh(lab, candidate, ['list', '--all', '--name']);
    if (!listed.split('\n').includes(name)) continue;
    if (candidate !== host) await place(lab, candidate, spec);
    return candidate;
  }
  return host;
}

const place = (lab: Lab, host: string, spec: VmSpec) =>
  updateState(lab.dir, (s) => ({ ...s, vms: { ...s.vms, [spec.name]: { host, spec } } }));

export type PowerAction = 'start' | 'destroy' | 'reset' | 'suspend' | 'resume';

/** Power button of a VM, in virsh's words: `destroy` pulls the plug. */
export async function powerVm(lab: Lab, name: string, action: PowerAction): Promise<void> {
  await virsh(lab, await hostOf(lab, name), [action, name], { timeoutMs: 60_000 });
}

/** Ends a VM and removes its definition; one that is gone already is no error. */
export async function destroyVm(lab: Lab, name: string): Promise<void> {
  const host = await hostOf(lab, name);
  const state = await powerState(lab, name);
  if (state !== 'absent' && state !== 'shut off') await virsh(lab, host, ['destroy', name]);
  if (state !== 'absent') await virsh(lab, host, ['undefine', name]);
  const disk = diskOf(record(lab, name).spec);
  if (disk) rmSync(join(lab.dir, 'shared', disk), { force: true });
  await updateState(lab.dir, (s) => {
    const { [name]: _gone, ...vms } = s.vms;
    return { ...s, vms };
  });
}

/** Moves a running VM to another host: host to host through libvirt's TLS, guest memory through QEMU's TLS. */
export async function migrateVm(lab: Lab, name: string, toHost: string): Promise<{ readonly elapsedMs: number }> {
  const { spec } = record(lab, name);
  const host = await hostOf(lab, name);
  if (host === toHost) throw new LabError('LAB_VM', `VM ${name} is on ${host} already`);
  const target = hostPaths(lab, toHost).managementAddress;
  const began = performance.now();
  await virsh(
    lab,
    host,
    [
      ...[
        'migrate',
        '--live',
        '--p2p',
        '--tls',
        '--persistent',
        '--undefinesource',
        ...(diskOf(spec) ? ['--unsafe'] : []),
      ],
      ...['--desturi', `qemu+tls://${target}/system?pkipath=/etc/libvirt/pki`, '--migrateuri', `tcp://${target}`],
      ...['--domain', name],
    ],
    { timeoutMs: 120_000 },
  );
  await place(lab, toHost, spec);
  return { elapsedMs: Math.round(performance.now() - began) };
}
