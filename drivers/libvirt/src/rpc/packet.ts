import { LibvirtError } from '../errors.ts';
import { MESSAGE_MAX, messageStatus, messageType } from '../gen/net.ts';
import type { Codec } from '../xdr/codec.ts';
import { XdrReader } from '../xdr/reader.ts';
import { XdrWriter } from '../xdr/writer.ts';
import type { ProcedureId } from './procedure.ts';

/** The 24 bytes in front of every payload. Source of the layout: virnetprotocol.x. */
export interface PacketHeader {
  program: number;
  version: number;
  procedure: number;
  /** One of `messageType`. */
  type: number;
  /** Ties a reply or a stream packet to its call; 0 in events. */
  serial: number;
  /** One of `messageStatus`. */
  status: number;
}

export interface Packet {
  header: PacketHeader;
  payload: XdrReader;
}

/** Decodes one packet, the length word already taken off. */
export function decodePacket(bytes: Buffer): Packet {
  const payload = new XdrReader(bytes);
  const header = {
    program: payload.uint(),
    version: payload.uint(),
    procedure: payload.int(),
    type: payload.int(),
    serial: payload.uint(),
    status: payload.int(),
  };
  if (header.type < messageType.CALL || header.type > messageType.STREAM_HOLE)
    throw new LibvirtError('bad-message', `the peer sent a message of the unknown type ${header.type}`);
  if (header.status < messageStatus.OK || header.status > messageStatus.CONTINUE)
    throw new LibvirtError('bad-message', `the peer sent a message of the unknown status ${header.status}`);
  return { header, payload };
}

/** Encodes one packet with its length word. */
export function encodePacket<T>(header: PacketHeader, payload: Codec<T>, value: T): Buffer {
  const writer = beginPacket(header);
  payload.write(writer, value);
  return endPacket(writer);
}

/** Encodes a packet whose payload is bytes as they are: a piece of a stream, or nothing. */
export function encodeRawPacket(header: PacketHeader, payload: Uint8Array): Buffer {
  const writer = beginPacket(header, payload.length);
  writer.raw(payload);
  return endPacket(writer);
}

export function callHeader(id: ProcedureId, serial: number): PacketHeader {
  return packetHeader(id, messageType.CALL, serial, messageStatus.OK);
}

export function packetHeader(id: ProcedureId, type: number, serial: number, status: number): PacketHeader {
  return { program: id.program, version: id.version, procedure: id.number, type, serial, status };
}

function beginPacket(header: PacketHeader, payloadSize = 228): XdrWriter {
  const writer = new XdrWriter(MESSAGE_MAX, 28 + payloadSize);
  writer.uint(0);
  writer.uint(header.program);
  writer.uint(header.version);
  writer.int(header.procedure);
  writer.int(header.type);
  writer.uint(header.serial);
  writer.int(header.status);
  return writer;
}

function endPacket(writer: XdrWriter): Buffer {
  writer.patchUint(writer.length, 0);
  return writer.finish();
}
