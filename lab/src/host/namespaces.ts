import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostPaths, type Lab, labState } from '../lab.ts';
import { managementAddress } from '../names.ts';
import { endProcesses, namespaceOf, processesInNetns } from '../process.ts';
import { holderLives, holderOf, runInHost, runInHostOk, spawnHolder } from '../spawn.ts';
import { waitFor } from '../wait.ts';
import { hostsFile } from './config.ts';
import { mountDevices } from './devices.ts';

/** What a host has of its own: a folder below the host's directory, and the path where its programs find it. */
const PRIVATE = [
  ['run', '/run'],
  ['lib', '/var/lib/libvirt'],
  ['log/libvirt', '/var/log/libvirt'],
  ['cache', '/var/cache/libvirt'],
  ['etc-libvirt', '/etc/libvirt'],
  ['etc-ovs', '/etc/openvswitch'],
  ['lib-ovs', '/var/lib/openvswitch'],
  ['log/ovs', '/var/log/openvswitch'],
] as const;

/** Becomes a host: host name, private directories, own /sys of its network namespace. Does nothing when done. */
export async function ensureHostNamespaces(lab: Lab, host: string): Promise<void> {
  const paths = hostPaths(lab, host);
  const { hosts, subnet } = labState(lab);
  mkdirSync(paths.engine, { recursive: true, mode: 0o700 });
  const folders = [...PRIVATE.map(([folder]) => join(paths.dir, folder)), join(paths.dir, 'lib/images'), paths.shared];
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    // QEMU runs as an unprivileged user and has to reach what it is told to open, whatever the caller's umask.
    chmodSync(folder, 0o755);
  }
  writeFileSync(join(paths.dir, 'hostname'), `${host}\n`);
  const entries = hosts.map((name, i) => ({ name, address: managementAddress(subnet, i) }));
  writeFileSync(join(paths.dir, 'hosts'), hostsFile(entries));

  if (!holderLives(lab, host)) await clearHost(lab, host, paths.run);
  await spawnHolder(lab, host);
  const holder = holderOf(lab, host);
  await waitFor(`namespaces of ${host}`, () => hasOwnNamespaces(holder.pid), { timeoutMs: 30_000, everyMs: 5 });
  const ready = join(paths.run, 'hv-ready');
  const mark = JSON.stringify(holder);
  if (existsSync(ready) && readFileSync(ready, 'utf8') === mark) return;
  const inHost = (...argv: string[]) => runInHostOk(lab, host, argv);
  await inHost('hostname', host);
  // Without the machine's cgroups: two libvirtd would meet in one group per domain id.
  await inHost('umount', '--lazy', '--recursive', '/sys');
  await inHost('mount', '-t', 'sysfs', 'sysfs', '/sys');
  // A copy of another lab's namespace handle in here would keep that namespace after its `down`.
  await runInHost(lab, host, ['umount', '--quiet', '--lazy', '--recursive', '/run/netns']);
  for (const file of ['hostname', 'hosts']) await inHost('mount', '--bind', join(paths.dir, file), `/etc/${file}`);
  await mountDevices(lab, host);
  for (const [folder, target] of PRIVATE) {
    if (existsSync(target)) await inHost('mount', '--bind', join(paths.dir, folder), target);
  }
  await inHost('mount', '--bind', paths.shared, '/var/lib/libvirt/images');
  writeFileSync(ready, mark);
}

/** What a host without its holder left behind: programs in a mount namespace that nobody can enter by name. */
async function clearHost(lab: Lab, host: string, runDir: string): Promise<void> {
  await endProcesses(processesInNetns(lab.names.hostNamespace(host)), 0);
  rmSync(runDir, { recursive: true, force: true });
  // As after a reboot: ports of guests that are gone would keep their names.
  rmSync(join(runDir, '../etc-ovs/conf.db'), { force: true });
  mkdirSync(join(runDir, 'openvswitch'), { recursive: true });
}

function hasOwnNamespaces(pid: number): boolean {
  return (['net', 'mnt', 'uts'] as const).every((kind) => {
    const theirs = namespaceOf(pid, kind);
    return theirs !== undefined && theirs !== namespaceOf('self', kind);
  });
}
