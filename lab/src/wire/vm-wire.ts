import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunResult, run, runOk } from '../run.ts';

/** Long enough for a machine that emulates with many others. */
export const PATIENCE_MS = 120_000;

export const ENDS = {
  left: { ipv4: '10.78.0.1', ipv6: 'fd78::1', mac: '52:54:00:78:00:01' },
  right: { ipv4: '10.78.0.2', ipv6: 'fd78::2', mac: '52:54:00:78:00:02' },
} as const;
type End = keyof typeof ENDS;

/**
 * A VM as a bump in the wire between two network namespaces, and nothing else: each end is a tap of the VM. Beside the left
 * one is another, `mirror`, of the vNIC that takes copies.
 */
export interface VmWire {
  /** Of its QEMU. */
  readonly pid: number;
  /** Runs a command at one end to its end. */
  at(end: End, argv: readonly string[], timeoutMs?: number): Promise<RunResult>;
  /** Starts a program at one end, which ends with the wire. */
  start(end: End, argv: readonly string[]): ChildProcess;
  console(): string;
  stop(): Promise<void>;
}

export interface VmWireOptions {
  readonly kernel: string;
  readonly initramfs: string;
  readonly commandLine: string;
  readonly accelerator: 'kvm' | 'tcg';
  /** QEMU's name of a processor; without, the one that lacks most. */
  readonly cpu?: string;
  readonly memoryMiB?: number;
  /** More arguments of QEMU; files of its own go into the folder. */
  readonly devices?: (dir: string) => readonly string[];
  /** Resolves when the VM is as it should be. */
  readonly ready: (wire: { readonly dir: string; readonly console: () => string }) => Promise<unknown>;
}

export async function startVmWire(options: VmWireOptions): Promise<VmWire> {
  const dir = mkdtempSync(join(tmpdir(), 'hv-gw-'));
  const tag = dir.slice(-6);
  const namespaces = { left: `hvgwl${tag}`, right: `hvgwr${tag}` };
  const children: ChildProcess[] = [];
  const inNamespace = (end: End, argv: readonly string[]) => ['ip', 'netns', 'exec', namespaces[end], ...argv];
  const log = join(dir, 'console.log');
  const readConsole = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');

  async function stop(): Promise<void> {
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    for (const name of Object.values(namespaces)) await run(['ip', 'netns', 'delete', name]);
    rmSync(dir, { recursive: true, force: true });
  }

  function start(end: End, argv: readonly string[]): ChildProcess {
    const [file = '', ...args] = inNamespace(end, argv);
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  }

  try {
    // QEMU opens both taps where it runs; then the right one goes to its own end.
    for (const end of ['left', 'right'] as const) {
      await runOk(['ip', 'netns', 'add', namespaces[end]]);
      await runOk(inNamespace('left', ['ip', 'tuntap', 'add', end, 'mode', 'tap', 'vnet_hdr']));
      await runOk(inNamespace('left', ['ip', 'link', 'set', end, 'address', ENDS[end].mac]));
    }
    await runOk(inNamespace('left', ['ip', 'tuntap', 'add', 'mirror', 'mode', 'tap', 'vnet_hdr']));
    const nic = (end: End | 'mirror', n: number) => [
      ...['-netdev', `tap,id=${end},ifname=${end},script=no,downscript=no`],
      ...['-device', `virtio-net-pci,netdev=${end},mac=52:54:00:78:10:0${n},addr=0x${n}`],
    ];
    const machine = start('left', [
      ...['qemu-system-x86_64', '-machine', `pc,accel=${options.accelerator}`, '-m', String(options.memoryMiB ?? 384)],
      ...(options.cpu === undefined ? [] : ['-cpu', options.cpu]),
      ...['-nodefaults', '-display', 'none', '-no-reboot', '-serial', `file:${log}`],
      ...['-kernel', options.kernel, '-initrd', options.initramfs, '-append', options.commandLine],
      ...[...nic('left', 4), ...nic('right', 5), ...nic('mirror', 6)],
      ...(options.devices?.(dir) ?? []),
    ]);
    await options.ready({ dir, console: readConsole });
    await runOk(inNamespace('left', ['ip', 'link', 'set', 'right', 'netns', namespaces.right]));
    // Nobody speaks there but who sends copies.
    await runOk(inNamespace('left', ['sysctl', '-q', '-w', 'net.ipv6.conf.mirror.disable_ipv6=1']));
    await runOk(inNamespace('left', ['ip', 'link', 'set', 'mirror', 'up']));
    for (const end of ['left', 'right'] as const) {
      const ip = (...args: string[]) => runOk(inNamespace(end, ['ip', ...args]));
      await ip('link', 'set', 'lo', 'up');
      await ip('link', 'set', end, 'up');
      await ip('address', 'add', `${ENDS[end].ipv4}/24`, 'dev', end);
      await ip('address', 'add', `${ENDS[end].ipv6}/64`, 'dev', end, 'nodad');
    }
    return {
      pid: machine.pid ?? 0,
      at: (end, argv, timeoutMs = PATIENCE_MS) => run(inNamespace(end, argv), { timeoutMs }),
      start,
      console: readConsole,
      stop,
    };
  } catch (error) {
    console.error(readConsole().slice(-4000) || 'no console');
    await stop();
    throw error;
  }
}
