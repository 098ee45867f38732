/**
 * Two network namespaces joined by a private Open vSwitch with the userspace datapath: what a packet between two VMs of
 * one host passes, without the VMs. Everything is in namespaces of its own and ends with {@link Wire.remove}.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { endChild, startDaemon } from './daemon.ts';

const run = promisify(execFile);

export interface WireEnd {
  readonly ofport: number;
  readonly ifaceId: string;
  readonly mac: string;
  readonly ipv4: string;
}

/** Two vNICs of one network. */
export const ENDS = [1, 2].map(
  (n): WireEnd => ({
    ofport: n,
    ifaceId: `00000000-0000-4000-8000-00000000000${n}`,
    mac: `52:54:00:00:00:0${n}`,
    ipv4: `10.0.0.${n}`,
  }),
) as [WireEnd, WireEnd];

export interface Wire {
  readonly runDir: string;
  readonly ovsdbSocket: string;
  readonly bridge: string;
  /** Runs a command at one end. */
  at(end: 0 | 1, ...argv: readonly string[]): Promise<string>;
  /** Starts a command at one end, to be ended by its `kill`; its output is lost unless it is read from now on. */
  startAt(end: 0 | 1, ...argv: readonly string[]): ChildProcess;
  remove(): Promise<void>;
}

const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';

export async function createWire(ends: readonly [WireEnd, WireEnd]): Promise<Wire> {
  const runDir = await mkdtemp('/tmp/hv-wire-');
  // As short as a name of a network interface, and of this directory's only.
  const tag = `hvw${path.basename(runDir).slice(-6)}`;
  const [hub, ...sides] = [`${tag}s`, `${tag}a`, `${tag}b`];
  const spaces = [hub!, ...sides];
  const env = { ...process.env, OVS_RUNDIR: runDir, OVS_LOGDIR: runDir, OVS_DBDIR: runDir, OVS_SYSCONFDIR: runDir };
  const database = `unix:${path.join(runDir, 'db.sock')}`;
  const daemons: ChildProcess[] = [];
  const ip = (...args: readonly string[]): Promise<unknown> => run('ip', [...args]);
  const vsctl = (...args: readonly string[]): Promise<unknown> =>
    run('ovs-vsctl', [`--db=${database}`, ...args], { env });
  const daemon = async (name: string, ready: string, ...args: readonly string[]): Promise<void> => {
    daemons.push(await startDaemon(name, args, { runDir, env, ready, netns: hub! }));
  };
  const remove = async (): Promise<void> => {
    for (const child of daemons.splice(0).reverse()) await endChild(child);
    for (const space of spaces) await ip('netns', 'del', space).catch(() => undefined);
    await rm(runDir, { recursive: true, force: true });
  };
  try {
    for (const space of spaces) {
      await ip('netns', 'add', space);
      await ip('-n', space, 'link', 'set', 'lo', 'up');
    }
    for (const [n, { mac, ipv4 }] of ends.entries()) {
      const side = sides[n]!;
      await ip(
        '-n',
        side,
        'link',
        'add',
        'eth0',
        'address',
        mac,
        'type',
        'veth',
        'peer',
        'name',
        `p${n}`,
        'netns',
        hub!,
      );
      await ip('-n', side, 'addr', 'add', `${ipv4}/16`, 'dev', 'eth0');
      await ip('-n', side, 'link', 'set', 'eth0', 'up');
      await ip('-n', hub!, 'link', 'set', `p${n}`, 'up');
    }
    await run('ovsdb-tool', ['create', path.join(runDir, 'conf.db'), SCHEMA], { env });
    await daemon(
      'ovsdb-server',
      'db.sock',
      `--remote=punix:${path.join(runDir, 'db.sock')}`,
      path.join(runDir, 'conf.db'),
    );
    // Offloads stay as guests have them; without this, TCP is invalid to conntrack on this datapath.
    await vsctl('--no-wait', 'init', '--', 'set', 'Open_vSwitch', '.', 'other_config:userspace-tso-enable=true');
    await daemon('ovs-vswitchd', 'ovs-vswitchd.pid', '--disable-system', database);
    await vsctl('add-br', 'br-int', '--', 'set', 'bridge', 'br-int', 'datapath_type=netdev', 'fail_mode=secure');
    for (const [n, { ofport, ifaceId }] of ends.entries()) {
      const settings = [`ofport_request=${ofport}`, `external_ids:iface-id=${ifaceId}`];
      await vsctl('add-port', 'br-int', `p${n}`, '--', 'set', 'interface', `p${n}`, ...settings);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    runDir,
    ovsdbSocket: path.join(runDir, 'db.sock'),
    bridge: 'br-int',
    at: async (end, ...argv) =>
      (await run('ip', ['netns', 'exec', sides[end]!, ...argv], { maxBuffer: 1 << 26 })).stdout,
    startAt: (end, ...argv) => {
      const child = spawn('ip', ['netns', 'exec', sides[end]!, ...argv], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      // What nobody reads is thrown away.
      child.stdout.resume();
      daemons.push(child);
      return child;
    },
    remove,
  };
}
