import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIpfixDecoder, type FieldSpec, type FlowRecord, type IpfixDecoder } from '../src/index.ts';

export const field = (id: number, length: number, enterprise = 0): FieldSpec => ({ id, length, enterprise });

/** 2026-01-15 12:00:00 UTC. */
export const T0 = Date.UTC(2026, 0, 15, 12);

/** Decodes the packets of one exporter and keeps its flows. */
export function decodeAll(packets: readonly Uint8Array[], decoder: IpfixDecoder = createIpfixDecoder()): FlowRecord[] {
  const records: FlowRecord[] = [];
  for (const packet of packets) decoder.decode(packet, '192.0.2.1:4739', (record) => records.push(record.clone()));
  return records;
}

/**
 * What Open vSwitch 3.1.0 sent, a message a line: a dummy bridge whose flows `sample` to collector set 1, allowed ones
 * in domain 1 with point 42, SSH in domain 2 with point 99, and packets given to it by `netdev-dummy/receive`.
 */
export const openVswitchMessages = (): Buffer[] => messagesOf('openvswitch-3.1.hex');

/** NetFlow v5 of Open vSwitch 3.1.0, engine 3/7: two packets of TCP, one of UDP and a ping came to the first port, and all left by the second. */
export const openVswitchNetflow5 = (): Buffer[] => messagesOf('openvswitch-3.1-netflow5.hex');

/** What softflowd 1.1.0 made of eight packets in a file, in NetFlow v5, NetFlow v9 and IPFIX: a message of each. */
export const softflowdMessages = (): Buffer[] => messagesOf('softflowd-1.1.hex');

function messagesOf(file: string): Buffer[] {
  const text = readFileSync(join(import.meta.dirname, '../testdata', file), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'hex'));
}
