import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GATEWAY_MAX_COMMAND_BYTES,
  GATEWAY_MAX_MESSAGE_BYTES,
  GATEWAY_PORT,
  GATEWAY_PROTOCOL,
  type GatewayCommand,
  GatewayMessage,
} from '@hypervigil/contract';

import { type GatewayImage, type GatewayLink, openGatewayLink } from '@hypervigil/gateway-link';
import { type RunResult, run, runOk } from '../../src/run.ts';
import { waitFor } from '../../src/wait.ts';

/** Long enough for a machine that emulates with many others. */
export const PATIENCE_MS = 120_000;

export const ENDS = {
  left: { ipv4: '10.78.0.1', ipv6: 'fd78::1', mac: '52:54:00:78:00:01' },
  right: { ipv4: '10.78.0.2', ipv6: 'fd78::2', mac: '52:54:00:78:00:02' },
} as const;
type End = keyof typeof ENDS;

type MessageOf<T extends GatewayMessage['type']> = Extract<GatewayMessage, { type: T }>;

/** A gateway VM as a bump in the wire between two network namespaces, and nothing else: each end is a tap of the VM. */
export interface GatewayWire {
  /** From power-on to `ready`, and how much of a processor that took. */
  readonly bootMs: number;
  readonly bootCpuMs: number;
  /** Every message since the start, in order. */
  readonly messages: readonly GatewayMessage[];
  send(command: GatewayCommand): Promise<void>;
  /** The first message of a kind, since `from`, that satisfies. */
  message<T extends GatewayMessage['type']>(
    type: T,
    satisfies?: (message: MessageOf<T>) => boolean,
    from?: number,
  ): Promise<MessageOf<T>>;
  /** Runs a command at one end to its end. */
  at(end: End, argv: readonly string[], timeoutMs?: number): Promise<RunResult>;
  /** Starts a program at one end, which ends with the wire. */
  start(end: End, argv: readonly string[]): ChildProcess;
  console(): string;
  stop(): Promise<void>;
}

export interface WireOptions {
  readonly accelerator: 'kvm' | 'tcg';
  readonly memoryMiB?: number;
}

export async function startGatewayWire(image: GatewayImage, options: WireOptions): Promise<GatewayWire> {
  const dir = mkdtempSync(join(tmpdir(), 'hv-gw-'));
  const namespaces = { left: `hvgwl${process.pid}`, right: `hvgwr${process.pid}` };
  const children: ChildProcess[] = [];
  const inNamespace = (end: End, argv: readonly string[]) => ['ip', 'netns', 'exec', namespaces[end], ...argv];
  let link: GatewayLink<GatewayCommand> | undefined;

  async function stop(): Promise<void> {
    link?.close();
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

  const messages: GatewayMessage[] = [];
  try {
    // QEMU opens both taps where it runs; then the right one goes to its own end.
    for (const end of ['left', 'right'] as const) {
      await runOk(['ip', 'netns', 'add', namespaces[end]]);
      await runOk(inNamespace('left', ['ip', 'tuntap', 'add', end, 'mode', 'tap', 'vnet_hdr']));
      await runOk(inNamespace('left', ['ip', 'link', 'set', end, 'address', ENDS[end].mac]));
    }
    const socket = join(dir, 'channel.sock');
    const log = join(dir, 'console.log');
    const nic = (end: End, n: number) => [
      ...['-netdev', `tap,id=${end},ifname=${end},script=no,downscript=no`],
      ...['-device', `virtio-net-pci,netdev=${end},mac=52:54:00:78:10:0${n},addr=0x${n}`],
    ];
    const began = performance.now();
    const machine = start('left', [
      ...['qemu-system-x86_64', '-machine', `pc,accel=${options.accelerator}`, '-m', String(options.memoryMiB ?? 384)],
      ...['-nodefaults', '-display', 'none', '-no-reboot', '-serial', `file:${log}`],
      ...['-kernel', image.kernel, '-initrd', image.initramfs, '-append', image.commandLine],
      ...[...nic('left', 4), ...nic('right', 5), '-device', 'virtio-net-pci,addr=0x6,netdev=mirror'],
      ...['-netdev', 'socket,id=mirror,udp=127.0.0.1:1,localaddr=127.0.0.1:0'],
      ...['-device', 'virtio-serial-pci', '-chardev', `socket,id=channel,path=${socket},server=on,wait=off`],
      ...['-device', `virtserialport,chardev=channel,name=${GATEWAY_PORT}`],
    ]);
    await waitFor('socket of the gateway', () => existsSync(socket), { timeoutMs: PATIENCE_MS });
    const opened = await openGatewayLink<GatewayCommand, GatewayMessage>({
      path: socket,
      maxCommandBytes: GATEWAY_MAX_COMMAND_BYTES,
      maxMessageBytes: GATEWAY_MAX_MESSAGE_BYTES,
      parse: (json) => GatewayMessage.parse(json),
      onMessage: (message) => messages.push(message),
      onUnreadable: (why) => messages.push({ type: 'fault', fault: 'failed', message: `unreadable: ${String(why)}` }),
      onClose: () => {},
    });
    link = opened;
    await opened.send({ type: 'hello', protocol: GATEWAY_PROTOCOL });
    const message: GatewayWire['message'] = (type, satisfies = () => true, from = 0) =>
      waitFor(
        `message ${type} of the gateway`,
        () =>
          messages
            .slice(from)
            .find(
              (one): one is MessageOf<typeof type> => one.type === type && satisfies(one as MessageOf<typeof type>),
            ),
        { timeoutMs: PATIENCE_MS },
      );
    await message('ready');
    const bootMs = performance.now() - began;
    const bootCpuMs = cpuMsOf(machine.pid ?? 0);
    await runOk(inNamespace('left', ['ip', 'link', 'set', 'right', 'netns', namespaces.right]));
    for (const end of ['left', 'right'] as const) {
      const ip = (...args: string[]) => runOk(inNamespace(end, ['ip', ...args]));
      await ip('link', 'set', 'lo', 'up');
      await ip('link', 'set', end, 'up');
      await ip('address', 'add', `${ENDS[end].ipv4}/24`, 'dev', end);
      await ip('address', 'add', `${ENDS[end].ipv6}/64`, 'dev', end, 'nodad');
    }
    return {
      bootMs,
      bootCpuMs,
      messages,
      send: opened.send,
      message,
      at: (end, argv, timeoutMs = PATIENCE_MS) => run(inNamespace(end, argv), { timeoutMs }),
      start,
      console: () => readFileSync(log, 'utf8'),
      stop,
    };
  } catch (error) {
    const log = join(dir, 'console.log');
    console.error(existsSync(log) ? readFileSync(log, 'utf8').slice(-4000) : 'no console', messages.slice(-3));
    await stop();
    throw error;
  }
}

/** Processor time of a process in user and system mode, in hundredths of a second (proc(5), USER_HZ). */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
