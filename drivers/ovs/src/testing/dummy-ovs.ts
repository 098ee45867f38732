import { execFile, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connectSocket } from '../socket.ts';
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
  const runDir = await mkdtemp('/tmp/hv-ovs-');
  const env = { ...process.env, OVS_RUNDIR: runDir, OVS_LOGDIR: runDir, OVS_DBDIR: runDir, OVS_SYSCONFDIR: runDir };
  const ovsdbSocket = path.join(runDir, 'db.sock');
  const database = `unix:${ovsdbSocket}`;
  const vsctl = async (...args: readonly string[]) =>
    (await run('ovs-vsctl', ['--timeout=30', `--db=${database}`, ...args], { env })).stdout;

  const startSwitch = async (): Promise<Daemon> =>
    startDaemon('ovs-vswitchd', ['--enable-dummy=override', '--disable-system', database], runDir, env);

  const daemons: Daemon[] = [];
  /** For a test that ends without `stop`. */
  const abandon = (): void => {
    for (const daemon of daemons) daemon.signal();
    rmSync(runDir, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  const stop = async (): Promise<void> => {
    process.off('exit', abandon);
    for (const daemon of daemons.splice(0).reverse()) await daemon.kill();
    await rm(runDir, { recursive: true, force: true });
  };
  try {
    await run('ovsdb-tool', ['create', path.join(runDir, 'conf.db'), schemaFile], { env });
    // Keys as `ovs-vsctl set-ssl` gives them: so do the distributions start it.
    const keys = Object.entries({ 'private-key': 'private_key', certificate: 'certificate', 'ca-cert': 'ca_cert' }).map(
      ([option, column]) => `--${option}=db:Open_vSwitch,SSL,${column}`,
    );
    const ovsdbArgs = [`--remote=punix:${ovsdbSocket}`, ...keys, path.join(runDir, 'conf.db')];
    daemons.push(await startDaemon('ovsdb-server', ovsdbArgs, runDir, env));
    await vsctl('--no-wait', 'init');
    daemons.push(await startSwitch());
  } catch (error) {
    await stop();
    throw error;
  }

  const appctl = createAppctl(runDir);
  let restarts = 0;
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
    ofctl: async (...args) => (await run('ovs-ofctl', ['--timeout=60', ...args], { env, maxBuffer: 1 << 30 })).stdout,
    async restartSwitch() {
      await daemons.pop()?.kill();
      daemons.push(await startSwitch());
      // ovs-vsctl waits until the new process has made its bridges for this new configuration.
      await vsctl('set', 'Open_vSwitch', '.', `external_ids:restarts=${++restarts}`);
    },
    stop,
  };
}

interface Daemon {
  signal(): void;
  /** Resolves when it is gone. */
  kill(): Promise<void>;
}

const startDeadlineMs = 20_000;

/** Resolves when the daemon serves its control socket. */
async function startDaemon(
  name: string,
  args: readonly string[],
  runDir: string,
  env: NodeJS.ProcessEnv,
): Promise<Daemon> {
  const log = path.join(runDir, `${name}.log`);
  const options = ['--no-chdir', '--pidfile', '--overwrite-pidfile', `--log-file=${log}`, '-vconsole:off'];
  const child = spawn(name, [...options, ...args], { env, stdio: 'ignore' });
  let ended: string | undefined;
  const exit = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      ended = how;
      resolve();
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(`it ended with ${code ?? signal}`));
  });

  const socket = path.join(runDir, `${name}.${child.pid}.ctl`);
  const deadline = performance.now() + startDeadlineMs;
  while (!(await canConnect(socket))) {
    if (ended === undefined && performance.now() < deadline) {
      await delay(5);
      continue;
    }
    child.kill('SIGKILL');
    throw new Error(
      `${name} did not start: ${ended ?? 'too slow'}\n${await readFile(log, 'utf8').catch(() => 'no log')}`,
    );
  }
  const signal = (): void => void child.kill('SIGKILL');
  return {
    signal,
    async kill() {
      signal();
      await exit;
    },
  };
}

async function canConnect(socket: string): Promise<boolean> {
  try {
    (await connectSocket(socket)).destroy();
    return true;
  } catch {
    return false;
  }
}
