import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Appctl, createAppctl } from '../unixctl/appctl.ts';
import { type TraceOptions, traceFlow } from '../unixctl/trace.ts';
import type { Trace } from '../unixctl/trace-text.ts';

const run = promisify(execFile);
const schemaFile = '/usr/share/openvswitch/vswitch.ovsschema';

export interface DummyPort {
  readonly ofport: number;
  readonly externalIds?: Readonly<Record<string, string>>;
}

/** A private Open vSwitch whose ports carry no traffic: it answers `ofproto/trace` exactly as a real one. Needs no root. */
export interface DummyOvs {
  readonly runDir: string;
  /** For `connectOvsdb` and `openSwitch`. */
  readonly ovsdbSocket: string;
  readonly appctl: Appctl;
  addBridge(name: string): Promise<void>;
  addPort(bridge: string, name: string, port: DummyPort): Promise<void>;
  delPort(bridge: string, name: string): Promise<void>;
  /** `flow` as ovs-ofctl writes it; `ctNext` gives the `ct_state` that each recirculation finds, such as `trk,new`. */
  trace(bridge: string, flow: string, ctNext?: TraceOptions['ctNext']): Promise<Trace>;
  /** `ovs-vsctl` and `ovs-ofctl` against this instance: the reference that tests compare with. */
  vsctl(...args: readonly string[]): Promise<string>;
  ofctl(...args: readonly string[]): Promise<string>;
  /** Kills and starts the switch again, as a crash does: the database survives, the flows do not. */
  restartSwitch(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts `ovsdb-server` and `ovs-vswitchd` in a temporary directory. `stop` ends both and removes it. */
export async function startDummyOvs(): Promise<DummyOvs> {
  // Below /tmp, not TMPDIR: a unix socket's path may have 107 bytes.
  const runDir = await mkdtemp(path.join(os.platform() === 'linux' ? '/tmp' : os.tmpdir(), 'hv-ovs-'));
  const env = { ...process.env, OVS_RUNDIR: runDir, OVS_LOGDIR: runDir, OVS_DBDIR: runDir, OVS_SYSCONFDIR: runDir };
  const ovsdbSocket = path.join(runDir, 'db.sock');
  const database = `unix:${ovsdbSocket}`;
  const vsctl = async (...args: readonly string[]) =>
    (await run('ovs-vsctl', [`--db=${database}`, ...args], { env })).stdout;

  const startSwitch = async (): Promise<Daemon> =>
    startDaemon('ovs-vswitchd', ['--enable-dummy=override', '--disable-system', database], runDir, env);

  const daemons: Daemon[] = [];
  const stop = async (): Promise<void> => {
    for (const daemon of daemons.splice(0).reverse()) await daemon.kill();
    await rm(runDir, { recursive: true, force: true });
  };
  try {
    await run('ovsdb-tool', ['create', path.join(runDir, 'conf.db'), schemaFile], { env });
    const ovsdbArgs = [`--remote=punix:${ovsdbSocket}`, path.join(runDir, 'conf.db')];
    daemons.push(await startDaemon('ovsdb-server', ovsdbArgs, runDir, env));
    await vsctl('--no-wait', 'init');
    daemons.push(await startSwitch());
  } catch (error) {
    await stop();
    throw error;
  }

  const appctl = createAppctl(runDir);
  return {
    runDir,
    ovsdbSocket,
    appctl,
    async addBridge(name) {
      await vsctl('add-br', name, '--', 'set', 'bridge', name, 'datapath_type=dummy', 'fail_mode=secure');
    },
    async addPort(bridge, name, { ofport, externalIds = {} }) {
      const ids = Object.entries(externalIds).map(([key, value]) => `external_ids:${key}="${value}"`);
      const settings = ['type=dummy', `ofport_request=${ofport}`, ...ids];
      await vsctl('add-port', bridge, name, '--', 'set', 'interface', name, ...settings);
    },
    async delPort(bridge, name) {
      await vsctl('del-port', bridge, name);
    },
    trace: (bridge, flow, ctNext = []) => traceFlow(appctl, bridge, flow, { ctNext }),
    vsctl,
    ofctl: async (...args) => (await run('ovs-ofctl', args, { env, maxBuffer: 1 << 30 })).stdout,
    async restartSwitch() {
      await daemons.pop()?.kill();
      daemons.push(await startSwitch());
    },
    stop,
  };
}

interface Daemon {
  kill(): Promise<void>;
}

/** Resolves when the daemon has detached, that is, when it serves its sockets. */
async function startDaemon(
  name: string,
  args: readonly string[],
  runDir: string,
  env: NodeJS.ProcessEnv,
): Promise<Daemon> {
  const log = path.join(runDir, `${name}.log`);
  const started = spawn(name, ['--detach', '--no-chdir', '--pidfile', `--log-file=${log}`, '-vconsole:off', ...args], {
    env,
    stdio: 'ignore',
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    started.once('error', reject);
    started.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${await readFile(log, 'utf8').catch(() => 'no log')}`);
  const pid = Number(await readFile(path.join(runDir, `${name}.pid`), 'utf8'));
  return {
    async kill() {
      if (!isAlive(pid)) return;
      process.kill(pid, 'SIGKILL');
      // Not our child any more (it detached), so there is no exit event to wait for.
      for (let tries = 0; isAlive(pid) && tries < 500; tries++) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
