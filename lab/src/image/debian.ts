import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recipeKey } from '@hypervigil/gateway';
import { LabError } from '../errors.ts';
import { findProgram } from '../preflight.ts';
import { runOk } from '../run.ts';
import { cached } from './cache.ts';
import { GUEST_FOLDER, guestPrograms } from './guest-files.ts';

const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'udev',
  'iproute2',
  'iputils-ping',
  'procps',
  'netcat-openbsd',
  'openssh-server',
  'perl-base',
  'qemu-guest-agent',
];
const SIZE = '1G';

/** The release that this machine runs: its package lists are the ones that can be reached. */
function suite(): string {
  const name = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (!name)
    throw new LabError('LAB_IMAGE', 'Full guests need Debian or Ubuntu: /etc/os-release has no VERSION_CODENAME');
  return name;
}

/** A whole system on a qcow2 disk, which boots with the probe guests' kernel and initramfs. Takes half a minute once. */
export async function ensureDebian(cacheDir: string): Promise<string> {
  for (const [name, supplier] of [
    ['mmdebstrap', 'mmdebstrap'],
    ['mke2fs', 'e2fsprogs'],
  ] as const) {
    if (!findProgram(name)) throw new LabError('LAB_IMAGE', `Full guests need ${name}: apt-get install ${supplier}`);
  }
  const units = join(GUEST_FOLDER, 'debian');
  const files = [
    ...guestPrograms().map((n) => join(GUEST_FOLDER, n)),
    ...readdirSync(units).map((n) => join(units, n)),
  ];
  const texts = Object.fromEntries(files.map((file) => [file.slice(GUEST_FOLDER.length), readFileSync(file)]));
  const key = recipeKey({ suite: suite(), packages: PACKAGES.join(' '), size: SIZE, ...texts });
  const dir = await cached(cacheDir, 'debian', key, async (into) => {
    const root = join(into, 'root');
    const options = ['--quiet', '--variant=minbase', `--include=${PACKAGES.join(',')}`];
    await runOk(['mmdebstrap', ...options, suite(), root], { timeoutMs: 600_000 });
    await addLabFiles(root);
    const raw = join(into, 'disk.raw');
    await runOk(['mke2fs', '-q', '-t', 'ext4', '-d', root, raw, SIZE], { timeoutMs: 120_000 });
    rmSync(root, { recursive: true });
    await runOk(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, join(into, 'disk.qcow2')], {
      timeoutMs: 120_000,
    });
    rmSync(raw);
    chmodSync(join(into, 'disk.qcow2'), 0o644);
  });
  return join(dir, 'disk.qcow2');
}

async function addLabFiles(root: string): Promise<void> {
  const units = join(root, 'etc/systemd/system');
  const wanted = join(units, 'multi-user.target.wants');
  for (const dir of [join(root, 'lab'), wanted]) mkdirSync(dir, { recursive: true });
  for (const name of guestPrograms()) cpSync(join(GUEST_FOLDER, name), join(root, 'lab', name));
  for (const name of readdirSync(join(GUEST_FOLDER, 'debian'))) {
    const unit = name.endsWith('.service');
    cpSync(join(GUEST_FOLDER, 'debian', name), join(unit ? units : join(root, 'lab'), name));
    if (unit) symlinkSync(`../${name}`, join(wanted, name));
  }
  writeFileSync(join(root, 'etc/fstab'), '/dev/vda / ext4 defaults 0 1\n');
}
