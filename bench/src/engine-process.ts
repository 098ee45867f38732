/** An engine as its own process between a real libvirtd (test driver), a real Open vSwitch (dummy datapath) and a platform. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { join } from '@hypervigil/engine';
import { type FakePlatform, type LargeHost, startFakePlatform, TOKEN } from '@hypervigil/engine/testing';
import { startRealDaemon } from '@hypervigil/libvirt/testing';
import { type DummyOvs, startDummyOvs } from '@hypervigil/ovs/testing';
import { endChild } from './daemon.ts';

export interface EngineProcess {
  readonly ovs: DummyOvs;
  /** Starts the engine's process; resolves with its pid. */
  start(): Promise<number>;
  /** Ends it without a word. */
  kill(): Promise<void>;
  residentMiB(): Promise<number>;
  remove(): Promise<void>;
}

/** What an engine needs to know of its platform to join it. */
export interface Invitation {
  readonly url: string;
  readonly token: string;
  readonly caFingerprint: string;
}

const MAIN = fileURLToPath(import.meta.resolve('@hypervigil/engine').replace(/index\.ts$/, 'main.ts'));

/** A host whose engine has joined, and is not started yet. */
export async function engineProcess(host: LargeHost, invitation: Invitation): Promise<EngineProcess> {
  const [daemon, ovs, stateDir] = await Promise.all([startRealDaemon(), startDummyOvs(), mkdtemp('/tmp/hv-bench-')]);
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending) await endChild(ending);
  };
  const remove = async (): Promise<void> => {
    await kill();
    await Promise.all([daemon.stop(), ovs.stop()]);
    await rm(stateDir, { recursive: true, force: true });
  };
  try {
    const node = path.join(daemon.root, 'node.xml');
    await writeFile(node, host.nodeXml);
    await ovs.addBridge('br-int');
    await plugIn(ovs, host);
    const { url: platform, token, caFingerprint } = invitation;
    await join({ platform, token, caFingerprint, stateDir });
    const args = [
      ...['run', '--libvirt-uri', daemon.uri(`test://${node}`), '--ovsdb-socket', ovs.ovsdbSocket],
      ...['--ovs-run-dir', ovs.runDir, '--state-dir', stateDir, '--log-level', 'warn'],
    ];
    return {
      ovs,
      async start() {
        child = spawn(process.execPath, [...(process.env['HV_NODE_ARGS']?.split(' ') ?? []), MAIN, ...args], {
          stdio: ['ignore', 'inherit', 'inherit'],
        });
        await once(child, 'spawn');
        return child.pid!;
      },
      kill,
      async residentMiB() {
        const status = await readFile(`/proc/${child!.pid}/status`, 'utf8');
        return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The host's ports, on a switch that has none yet. */
export async function plugIn(ovs: DummyOvs, { ports }: Pick<LargeHost, 'ports'>): Promise<void> {
  const plug = ports.flatMap(({ name, ofport, ifaceId }) => [
    ...['--', 'add-port', 'br-int', name, '--', 'set', 'interface', name, 'type=dummy'],
    ...[`ofport_request=${ofport}`, `external_ids:iface-id=${ifaceId}`],
  ]);
  await ovs.vsctl(...plug.slice(1));
}

export interface EngineUnderTest extends EngineProcess {
  readonly platform: FakePlatform;
}

/** With a platform at the wire. */
export async function engineUnderTest(host: LargeHost): Promise<EngineUnderTest> {
  const platform = await startFakePlatform();
  try {
    const { url, authority } = platform;
    const engine = await engineProcess(host, { url, token: TOKEN, caFingerprint: authority.fingerprint });
    const remove = async (): Promise<void> => {
      await engine.remove();
      await platform.stop();
    };
    return { ...engine, platform, remove };
  } catch (error) {
    await platform.stop();
    throw error;
  }
}
