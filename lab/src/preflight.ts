import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.ts';

export interface Lack {
  readonly what: string;
  /** The Debian and Ubuntu package that supplies it, if one does. */
  readonly package?: string;
  /** What is missing and what to do. */
  readonly message: string;
}

/** Programs that the lab calls, with the Debian package of each. */
const BINARIES: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  nft: 'nftables',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  mount: 'mount',
  sysctl: 'procps',
  hostname: 'hostname',
  openssl: 'openssl',
  virsh: 'libvirt-clients',
  libvirtd: 'libvirt-daemon-system',
  virtlogd: 'libvirt-daemon',
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-img': 'qemu-utils',
  'ovsdb-server': 'openvswitch-switch',
  'ovs-vswitchd': 'openvswitch-switch',
  'ovs-vsctl': 'openvswitch-common',
  'ovs-ofctl': 'openvswitch-common',
  busybox: 'busybox-static',
  perl: 'perl-base',
  depmod: 'kmod',
  xz: 'xz-utils',
  'apt-get': 'apt',
  'apt-cache': 'apt',
  ldd: 'libc-bin',
  'dpkg-deb': 'dpkg',
};

/** The full path of a program, also where root's PATH lacks /usr/sbin. */
export function findProgram(name: string, path = process.env['PATH'] ?? ''): string | undefined {
  const folders = [...path.split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return folders
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Exactly what this machine lacks to carry a lab; nothing when it can. */
export async function preflight(): Promise<Lack[]> {
  const lacks: Lack[] = [];
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    lacks.push({
      what: 'architecture',
      message: `The lab needs Linux on x86-64; this is ${process.platform} on ${process.arch}`,
    });
    return lacks;
  }
  for (const [name, supplier] of Object.entries(BINARIES)) {
    if (!findProgram(name)) {
      lacks.push({ what: name, package: supplier, message: `Program ${name} is missing: apt-get install ${supplier}` });
    }
  }
  if (process.getuid?.() !== 0) {
    lacks.push({ what: 'root', message: 'The lab makes network namespaces and needs root: run it with sudo' });
    return lacks;
  }
  if (!existsSync('/dev/net/tun')) {
    lacks.push({
      what: '/dev/net/tun',
      message: 'Device /dev/net/tun is missing: modprobe tun, or allow it in this container',
    });
  }
  const unshared = await run(['unshare', '--net', '--mount', '--uts', 'mount', '-t', 'sysfs', 'sysfs', '/sys']).catch(
    () => undefined,
  );
  if (unshared?.code !== 0) {
    lacks.push({
      what: 'namespaces',
      message: `Namespaces may not be made here: ${unshared?.stderr.trim() ?? 'no unshare'}`,
    });
  }
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  if (Number(available) < 2 * 1024 * 1024) {
    lacks.push({
      what: 'memory',
      message: `The lab needs 2 GiB of free memory; ${Math.round(Number(available) / 1024)} MiB are free`,
    });
  }
  return lacks;
}
