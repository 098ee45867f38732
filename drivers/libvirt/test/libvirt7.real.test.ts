import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { connectLibvirt } from '../src/index.ts';
import { startRealDaemon } from '../src/testing/real-daemon.ts';
import { operationTests } from './operations.ts';
import { qemuTests } from './qemu.ts';

/** What Debian 11 has, unpacked and not set up. */
const PACKAGES = ['libvirt-daemon', 'libvirt-daemon-driver-qemu', 'qemu-system-x86', 'qemu-utils'];

/** The oldest release that the driver promises to work with. */
async function libvirt7(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'libvirt7-'));
  after(() => rm(folder, { recursive: true }));
  const system = join(folder, 'system');
  const options = ['--quiet', '--variant=extract', `--include=${PACKAGES.join(',')}`];
  await promisify(execFile)('mmdebstrap', [...options, 'bullseye', system], { timeout: 600_000 });
  const daemon = await startRealDaemon({ system });
  after(() => daemon.stop());
  operationTests('libvirtd 7', (driver) => connectLibvirt(daemon.uri(driver)));
  qemuTests('libvirtd 7', daemon);
}

if (process.env['HV_LIBVIRT7'] === '1') await libvirt7();
else test('libvirt 7', { skip: 'HV_LIBVIRT7=1 fetches it from Debian 11 (80 MB); hv test --nightly does' });
