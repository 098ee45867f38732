import { existsSync, readFileSync } from 'node:fs';
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
import { waitFor } from '../wait.ts';
import { PATIENCE_MS, startVmWire, type VmWire, type VmWireOptions } from './vm-wire.ts';

type MessageOf<T extends GatewayMessage['type']> = Extract<GatewayMessage, { type: T }>;

/** A gateway VM as a bump in the wire between two network namespaces. */
export interface GatewayWire extends VmWire {
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
}

type Options = Pick<VmWireOptions, 'accelerator' | 'cpu' | 'memoryMiB'>;

export async function startGatewayWire(image: GatewayImage, options: Options): Promise<GatewayWire> {
  const { kernel, initramfs, commandLine } = image;
  const messages: GatewayMessage[] = [];
  let link: GatewayLink<GatewayCommand> | undefined;
  const socketIn = (dir: string) => join(dir, 'channel.sock');
  const message: GatewayWire['message'] = (type, satisfies = () => true, from = 0) =>
    waitFor(
      `message ${type} of the gateway`,
      () =>
        messages
          .slice(from)
          .find((one): one is MessageOf<typeof type> => one.type === type && satisfies(one as MessageOf<typeof type>)),
      { timeoutMs: PATIENCE_MS },
    );
  const send = async (command: GatewayCommand): Promise<void> => link?.send(command);
  const began = performance.now();
  let bootMs = 0;
  try {
    const wire = await startVmWire({
      ...{ kernel, initramfs, commandLine },
      ...options,
      devices: (dir) => [
        ...['-device', 'virtio-serial-pci', '-chardev', `socket,id=channel,path=${socketIn(dir)},server=on,wait=off`],
        ...['-device', `virtserialport,chardev=channel,name=${GATEWAY_PORT}`],
        ...['-object', 'rng-random,id=random,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=random'],
      ],
      async ready({ dir }) {
        const path = socketIn(dir);
        await waitFor('socket of the gateway', () => existsSync(path), { timeoutMs: PATIENCE_MS });
        link = await openGatewayLink<GatewayCommand, GatewayMessage>({
          path,
          maxCommandBytes: GATEWAY_MAX_COMMAND_BYTES,
          maxMessageBytes: GATEWAY_MAX_MESSAGE_BYTES,
          parse: (json) => GatewayMessage.parse(json),
          onMessage: (one) => messages.push(one),
          onUnreadable: (why) => messages.push({ type: 'fault', fault: 'failed', message: `unreadable: ${why}` }),
          onClose: () => {},
        });
        await link.send({ type: 'hello', protocol: GATEWAY_PROTOCOL });
        await message('ready');
        bootMs = performance.now() - began;
      },
    });
    const bootCpuMs = cpuMsOf(wire.pid);
    const stop = (): Promise<void> => {
      link?.close();
      return wire.stop();
    };
    return { ...wire, bootMs, bootCpuMs, messages, send, message, stop };
  } catch (error) {
    link?.close();
    console.error(messages.slice(-3));
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
