import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hostPaths, type Lab, labState } from '../lab.ts';
import { runInHostOk } from '../spawn.ts';

/** What libvirt and QEMU open; what this machine has of it. */
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx', 'net/tun', 'vhost-net', 'tpm0', 'tpmrm0'];
const LINKS = { fd: '/proc/self/fd', stdin: '/proc/self/fd/0', stdout: '/proc/self/fd/1', stderr: '/proc/self/fd/2' };

/**
 * A host's own /dev, with /dev/kvm only where KVM runs a guest. A KVM device that root can open and QEMU's user cannot
 * makes libvirt 9 take what it knows of QEMU for outdated and probe QEMU again at each call, half a second every time
 * (virQEMUCapsIsValid: "KVM was enabled when probing, but it is not available now").
 */
export async function mountDevices(lab: Lab, host: string): Promise<void> {
  const dev = join(hostPaths(lab, host).dir, 'dev');
  const inHost = (...argv: string[]) => runInHostOk(lab, host, argv);
  mkdirSync(dev, { recursive: true });
  await inHost('mount', '-t', 'tmpfs', '-o', 'mode=0755,nosuid', 'tmpfs', dev);
  await inHost('mkdir', join(dev, 'net'), join(dev, 'pts'), join(dev, 'shm'));
  const kvm = labState(lab).image?.type === 'kvm';
  const present = [...DEVICES, ...(kvm ? ['kvm'] : [])].filter((name) => existsSync(join('/dev', name)));
  for (const name of present) await inHost('cp', '-a', join('/dev', name), join(dev, name));
  // QEMU's user is in the group kvm only where udev gave the device to it.
  if (kvm) await inHost('chmod', '0666', join(dev, 'kvm'));
  for (const [name, target] of Object.entries(LINKS)) await inHost('ln', '-s', target, join(dev, name));
  await inHost('mount', '--bind', '/dev/pts', join(dev, 'pts'));
  await inHost('mount', '-t', 'tmpfs', '-o', 'mode=1777,nosuid,nodev', 'tmpfs', join(dev, 'shm'));
  // Taken away rather than covered: libvirt moves every mount below /dev that /proc/mounts names.
  await inHost('umount', '--lazy', '--recursive', '/dev');
  await inHost('mount', '--move', dev, '/dev');
}
