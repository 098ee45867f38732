/** An engine as its own process between a real libvirtd (test driver), a real Open vSwitch (dummy datapath) and a platform at the wire. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { join } from '@hypervigil/engine';
import { type FakePlatform, type LargeHost, startFakePlatform, TOKEN } from '@hypervigil/engine/testing';
import { startRealDaemon } from '@hypervigil/libvirt/testing';
import { type DummyOvs, startDummyOvs } from '@hypervigil/ovs/testing';

export interface EngineUnderTest {
  readonly platform: FakePlatform;
  readonly ovs: DummyOvs;
  /** Starts the engine's process; resolves with its pid. */
  start(): Promise<number>;
  /** Ends it without a word. */
  kill(): Promise<void>;
  residentMiB(): Promise<number>;
  remove(): Promise<void>;
}

const MAIN = fileURLToPath(import.meta.resolve('@hypervigil/engine').replace(/index\.ts$/, 'main.ts'));

export async function engineUnderTest({ nodeXml, ports }: LargeHost): Promise<EngineUnderTest> {
  const [daemon, ovs, platform, stateDir] = await Promise.all([
    startRealDaemon(),
    startDummyOvs(),
    startFakePlatform(),
    mkdtemp('/tmp/hv-bench-'),
  ]);
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    ending.kill('SIGKILL');
    await once(ending, 'exit');
  };
  const remove = async (): Promise<void> => {
    await kill();
    await Promise.all([daemon.stop(), ovs.stop(), platform.stop()]);
    await rm(stateDir, { recursive: true, force: true });
  };
  try {
    const node = path.join(daemon.root, 'node.xml');
    await writeFile(node, nodeXml);
    await ovs.addBridge('br-int');
    const plug = ports.flatMap(({ name, ofport, ifaceId }) => [
      ...['--', 'add-port', 'br-int', name, '--', 'set', 'interface', name, 'type=dummy'],
      ...[`ofport_request=${ofport}`, `external_ids:iface-id=${ifaceId}`],
    ]);
    await ovs.vsctl(...plug.slice(1));
    const { url, authority } = platform;
    await join({ platform: url, token: TOKEN, caFingerprint: authority.fingerprint, stateDir });
    const args = [
      ...['run', '--libvirt-uri', daemon.uri(`test://${node}`), '--ovsdb-socket', ovs.ovsdbSocket],
      ...['--ovs-run-dir', ovs.runDir, '--state-dir', stateDir, '--log-level', 'warn'],
    ];
    return {
      platform,
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
