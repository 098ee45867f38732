import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { IpfixError } from './errors.ts';
import type { OnDatagram, Receiver, ReceiverOptions } from './receiver.ts';

/**
 * Receives through `node:dgram`, which needs no privilege; the kernel grants a buffer of net.core.rmem_max at most.
 * @throws IpfixError `IPFIX_BIND_FAILED`
 */
export async function openDatagramReceiver(options: ReceiverOptions, onDatagram: OnDatagram): Promise<Receiver> {
  const socket = await bind(options);
  socket.on('message', (packet, { address, port }) => onDatagram(packet, packet.length, `${address}:${port}`));
  return { port: socket.address().port, close: () => socket.close() };
}

async function bind({ host, port, receiveBuffer }: ReceiverOptions): Promise<Socket> {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: receiveBuffer });
  try {
    socket.bind(port, host);
    await once(socket, 'listening');
    return socket;
  } catch (cause) {
    socket.close();
    throw new IpfixError('IPFIX_BIND_FAILED', `Cannot listen for flows on UDP ${host} port ${port}.`, { cause });
  }
}
