/**
 * OVN, the peer: a private one in a directory of its own, whose one hypervisor is an Open vSwitch that somebody else
 * started. Nothing of it runs system-wide. Needs Debian's ovn-central and ovn-host, which only these benchmarks use.
 */
import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createAppctl } from '@hypervigil/ovs';
import { endChild, startDaemon } from './daemon.ts';

const run = promisify(execFile);

/** The switch that OVN's controller programmes. */
export interface Hypervisor {
  readonly runDir: string;
  readonly ovsdbSocket: string;
  readonly datapathType: string;
}

/** One port of the only logical switch. */
export interface LogicalPort {
  /** The `iface-id` of its interface. */
  readonly name: string;
  readonly mac: string;
  readonly ipv4: string;
}

export interface Ovn {
  /** `ovn-nbctl` as a command of its own, as people and most scripts run it. */
  nbctl(...args: readonly string[]): Promise<string>;
  /** The same within a running `ovn-nbctl`: no program is started, no database is read first. */
  nbctlDaemon(...args: readonly string[]): Promise<string>;
  /** A logical switch with these ports; resolves when the controller has claimed all of them. */
  addPorts(ports: readonly LogicalPort[]): Promise<void>;
  remove(): Promise<void>;
}

export const LOGICAL_SWITCH = 'sw';
const PROGRAMS = ['ovn-northd', 'ovn-controller', 'ovn-nbctl', 'ovn-sbctl'];
const SCHEMAS = '/usr/share/ovn';
/** Ports of one `ovn-nbctl`, whose arguments are bounded by the kernel. */
const AT_ONCE = 100;
const CLAIM_MS = 120_000;

export async function startOvn({ runDir: ovsDir, ovsdbSocket, datapathType }: Hypervisor): Promise<Ovn> {
  await requireOvn();
  const runDir = await mkdtemp('/tmp/hv-ovn-');
  const env = { ...process.env, OVS_RUNDIR: ovsDir, OVN_RUNDIR: runDir, OVN_LOGDIR: runDir, OVN_DBDIR: runDir };
  const children: ChildProcess[] = [];
  const socket = (name: string) => `unix:${path.join(runDir, `${name}.sock`)}`;
  const database = async (name: 'nb' | 'sb') => {
    const file = path.join(runDir, `${name}.db`);
    await run('ovsdb-tool', ['create', file, path.join(SCHEMAS, `ovn-${name}.ovsschema`)]);
    const files = [`--pidfile=${runDir}/${name}.pid`, `--unixctl=${runDir}/${name}.ctl`];
    const args = [...files, `--remote=p${socket(name)}`, file];
    children.push(await startDaemon('ovsdb-server', args, { runDir, env, ready: `${name}.sock` }));
  };
  const daemon = async (name: string, ...args: readonly string[]) => {
    children.push(await startDaemon(name, args, { runDir, env, ready: `${name}.pid` }));
  };
  const nbctl = async (...args: readonly string[]) =>
    (await run('ovn-nbctl', [`--db=${socket('nb')}`, '--timeout=60', ...args], { env })).stdout;
  const unclaimed = () => nbctl('--bare', '--columns=name', 'find', 'Logical_Switch_Port', 'up=false');
  const remove = async (): Promise<void> => {
    const pid = Number(await readFile(path.join(runDir, 'ovn-nbctl.pid'), 'utf8').catch(() => ''));
    if (pid > 0) process.kill(pid, 'SIGKILL');
    for (const child of children.splice(0).reverse()) await endChild(child);
    await rm(runDir, { recursive: true, force: true });
  };
  try {
    await database('nb');
    await database('sb');
    await nbctl('init');
    await run('ovn-sbctl', [`--db=${socket('sb')}`, '--timeout=60', 'init'], { env });
    await daemon('ovn-northd', `--ovnnb-db=${socket('nb')}`, `--ovnsb-db=${socket('sb')}`);
    const identity = Object.entries({
      'system-id': 'bench',
      'ovn-remote': socket('sb'),
      'ovn-encap-type': 'geneve',
      'ovn-encap-ip': '127.0.0.1',
      'ovn-bridge': 'br-int',
      'ovn-bridge-datapath-type': datapathType,
    }).map(([key, value]) => `external_ids:${key}="${value}"`);
    await run('ovs-vsctl', [`--db=unix:${ovsdbSocket}`, '--timeout=60', 'set', 'Open_vSwitch', '.', ...identity]);
    await daemon('ovn-controller', `unix:${ovsdbSocket}`);
    await run('ovn-nbctl', ['--detach', '--pidfile', `--log-file=${runDir}/ovn-nbctl.log`, `--db=${socket('nb')}`], {
      env,
    });
  } catch (error) {
    await remove();
    throw error;
  }
  const appctl = createAppctl(runDir, 'ovn-nbctl');
  return {
    nbctl,
    nbctlDaemon: (...args) => appctl.run('run', ...args),
    async addPorts(ports) {
      await nbctl('--may-exist', 'ls-add', LOGICAL_SWITCH);
      for (let from = 0; from < ports.length; from += AT_ONCE) {
        const commands = ports
          .slice(from, from + AT_ONCE)
          .flatMap(({ name, mac, ipv4 }) => [
            ...['--', 'lsp-add', LOGICAL_SWITCH, name],
            ...['--', 'lsp-set-addresses', name, `${mac} ${ipv4}`],
            ...['--', 'lsp-set-port-security', name, `${mac} ${ipv4}`],
          ]);
        await nbctl(...commands.slice(1));
      }
      for (const deadline = Date.now() + CLAIM_MS; (await unclaimed()) !== ''; await delay(100))
        if (Date.now() > deadline) throw new Error(`ovn-controller has not claimed every port; see ${runDir}`);
      await nbctl('--wait=hv', 'sync');
    },
    remove,
  };
}

async function requireOvn(): Promise<void> {
  for (const program of PROGRAMS) {
    await run(program, ['--version']).catch((cause: unknown) => {
      const how = 'apt-get install --no-install-recommends ovn-central ovn-host (and keep their services stopped)';
      throw new Error(`${program} is missing. To measure beside OVN: ${how}`, { cause });
    });
  }
}
