import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostPaths, type Lab } from '../lab.ts';
import { type RunOptions, run, runOk } from '../run.ts';
import { spawnInHost, waitForService } from '../spawn.ts';
import { libvirtdConf, qemuConf } from './config.ts';
import { authorityOf, ensureHostCertificate } from './pki.ts';

/** As programs in the host see it. */
const HOST_PKI = '/etc/libvirt/pki';

const REAPER = join(import.meta.dirname, '../../programs/reaper.pl');

/** The host's own libvirt with its own identity and certificates. */
export async function ensureLibvirt(lab: Lab, host: string, hostUuid: string): Promise<void> {
  const paths = hostPaths(lab, host);
  const etc = join(paths.dir, 'etc-libvirt');
  await ensureHostCertificate(authorityOf(lab), join(etc, 'pki'), host, paths.managementAddress);
  mkdirSync(join(etc, 'qemu/networks'), { recursive: true });
  mkdirSync(join(paths.logs, 'libvirt/qemu'), { recursive: true });
  if (!existsSync(join(etc, 'libvirtd.conf'))) {
    writeFileSync(join(etc, 'qemu.conf'), qemuConf(HOST_PKI));
    writeFileSync(join(etc, 'virtlogd.conf'), '');
    const conf = libvirtdConf({ hostUuid, listenAddress: paths.managementAddress, pki: HOST_PKI });
    writeFileSync(join(etc, 'libvirtd.conf'), conf);
  }
  await spawnInHost(lab, host, ['virtlogd'], { name: `${host}/virtlogd` });
  await spawnInHost(lab, host, ['perl', REAPER, 'libvirtd', '--listen'], { name: `${host}/libvirtd` });
  const answers = async () => (await run(virshArgv(lab, host, ['uri']))).code === 0;
  await waitForService(lab, `${host}/libvirtd`, answers);
}

function virshArgv(lab: Lab, host: string, argv: readonly string[]): string[] {
  return ['virsh', '-q', '-c', `qemu+unix:///system?socket=${hostPaths(lab, host).libvirtSocket}`, ...argv];
}

/** `virsh`, not the product's own driver: the lab is an independent witness of it. */
export function virsh(lab: Lab, host: string, argv: readonly string[], options?: RunOptions): Promise<string> {
  return runOk(virshArgv(lab, host, argv), options);
}
