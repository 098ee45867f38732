import type { OvsError } from '../errors.ts';
import { type Address, connectSocket, describeAddress } from '../socket.ts';
import { createConnection } from './connection.ts';
import { encodeMessage, type Message, messageType } from './message.ts';
import { encodePacketOut, type PacketIn, readPacketIn, WHOLE_PACKETS } from './packet-codec.ts';

/**
 * A connection to one bridge's management socket for packets alone: a switch that is busy with flows answers their
 * connection late, and this one all the same.
 */
export interface PacketSession {
  /** Lets a frame out by a port, past all flows. */
  send(port: number, frame: Buffer): void;
  readonly closed: Promise<OvsError | undefined>;
  close(): void;
}

/** @param onPacket what flows with a `CONTROLLER` action hand over; every session of the bridge is handed everything */
export async function connectPackets(address: Address, onPacket: (packet: PacketIn) => void): Promise<PacketSession> {
  const receive = ({ type, body }: Message): void => {
    if (type === messageType.packetIn) onPacket(readPacketIn(body));
  };
  const connection = createConnection(await connectSocket(address), describeAddress(address), TIMEOUT_MS, receive);
  await connection.greeted;
  const send = (type: number, body: Buffer): void => {
    void connection.send([encodeMessage(type, 0, body)]).catch(() => undefined);
  };
  send(messageType.setConfig, WHOLE_PACKETS);
  await connection.ask('a barrier', messageType.barrierRequest, Buffer.alloc(0), () => true);
  return {
    send: (port, frame) => send(messageType.packetOut, encodePacketOut(port, frame)),
    closed: connection.closed,
    close: connection.close,
  };
}

const TIMEOUT_MS = 30_000;
