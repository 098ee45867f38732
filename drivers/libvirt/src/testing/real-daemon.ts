import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface RealDaemon {
  /** Its private directory; `run/libvirt/` holds the sockets. */
  root: string;
  socket: string;
  /** The address of one of its drivers, such as `qemu:///system` or `test:///default`, over the private socket. */
  uri(driver: string): string;
  stop(): Promise<void>;
}

export interface RealDaemonOptions {
  hostname?: string;
  /** Further lines of libvirtd.conf. */
  config?: string[];
  args?: string[];
  /** Where another system lies whose libvirtd is started instead of this one's. */
  system?: string;
}

const QEMU_CONF = [
  'user = "root"',
  'group = "root"',
  'dynamic_ownership = 0',
  'remember_owner = 0',
  'security_driver = "none"',
  'namespaces = []',
  'cgroup_controllers = []',
  'stdio_handler = "file"',
];

/**
 * Starts the machine's libvirtd with its own directories, in namespaces of its own: nothing of the system's instance
 * is seen or touched, and every process that it starts ends with it. Needs root.
 */
export async function startRealDaemon(options: RealDaemonOptions = {}): Promise<RealDaemon> {
  const root = await mkdtemp(join(tmpdir(), 'libvirt-'));
  const libvirtd = [
    'unix_sock_group = "root"',
    'auth_unix_rw = "none"',
    `host_uuid = "${randomUUID()}"`,
    ...(options.config ?? []),
  ];
  await mkdir(join(root, 'etc'));
  await writeFile(join(root, 'etc/libvirtd.conf'), `${libvirtd.join('\n')}\n`);
  await writeFile(join(root, 'etc/qemu.conf'), `${QEMU_CONF.join('\n')}\n`);
  if (options.hostname) await writeFile(join(root, 'hostname'), options.hostname);
  const script = join(import.meta.dirname, 'private-libvirtd.sh');
  const child = spawn('sh', [script, root, ...(options.args ?? [])], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, SYSTEM: options.system ?? '' },
  });
  let complaints = '';
  child.stderr?.on('data', (text: Buffer) => {
    complaints = (complaints + text).slice(-4000);
  });
  const socket = join(root, 'run/libvirt/libvirt-sock');
  const stop = async () => {
    await end(child);
    await rm(root, { recursive: true, force: true });
  };
  try {
    await appears(socket, child);
  } catch (error) {
    await stop();
    throw new Error(`libvirtd did not start: ${complaints}`, { cause: error });
  }
  return { root, socket, uri: (driver) => withSocket(driver, socket), stop };
}

function withSocket(driver: string, socket: string): string {
  const [scheme, rest] = driver.split('://');
  const separator = rest?.includes('?') ? '&' : '?';
  return `${scheme}+unix://${rest}${separator}socket=${encodeURIComponent(socket)}`;
}

async function appears(path: string, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 20_000; !existsSync(path); await delay(20)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
    if (Date.now() > deadline) throw new Error('its socket did not appear');
  }
}

/** The namespace's first process is killed with `unshare`, and all others with it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
