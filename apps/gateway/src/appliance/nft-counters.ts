import { readSync, writeSync } from 'node:fs';
import { ruleOfCounter, TABLE } from '@hypervigil/gateway-rules';
import { ATTRIBUTES_AT, answerOf, attribute, attributesOf, netfilterMessage, openNetfilter, u32 } from './netlink.ts';

/** linux/netfilter/nf_tables.h: subsystem 10, messages 19 and 18. */
const GET_OBJECT = 0xa13;
const NEW_OBJECT = 0xa12;
const OBJECT = { table: 1, name: 2, type: 3, data: 4 } as const;
const COUNTER = { kind: 1, bytes: 1, packets: 2 } as const;
/** NFPROTO_BRIDGE of linux/netfilter.h. */
const BRIDGE = 7;
const NLMSG_DONE = 3;
const HEADER_BYTES = 16;
/** More than the kernel puts into one answer to a dump (netlink_dump, af_netlink.c). */
const ANSWER_BYTES = 64 * 1024;
/** Of some hundred counters each: far more than a table has rules. */
const MAX_ANSWERS = 10_000;

/** What rules have decided since they are in force. */
export type RuleCounts = ReadonlyMap<number, { readonly packets: number; readonly bytes: number }>;

const text = (value: string) => Buffer.from(`${value}\0`);

/** Asks for all counters of the firewall's table. */
export const countersRequest = (sequence: number): Buffer =>
  netfilterMessage({
    type: GET_OBJECT,
    family: BRIDGE,
    sequence,
    attributes: [attribute(OBJECT.table, text(TABLE.name)), attribute(OBJECT.type, u32(COUNTER.kind))],
    dump: true,
  });

/**
 * Takes in what the kernel answered in one piece: messages one after the other.
 * @returns whether it was the last piece
 * @throws when the kernel refused
 */
export function readCounters(answer: Buffer, into: Map<number, { packets: number; bytes: number }>): boolean {
  for (let at = 0; at + HEADER_BYTES <= answer.length; ) {
    const length = answer.readUInt32LE(at);
    if (length < HEADER_BYTES || at + length > answer.length) throw new RangeError(`a message of ${length} bytes`);
    const message = answer.subarray(at, at + length);
    const type = message.readUInt16LE(4);
    if (type === NLMSG_DONE) return true;
    const error = answerOf(message);
    if (error !== undefined) throw new Error(`the kernel refused to tell counters: error ${-error}`);
    if (type === NEW_OBJECT) readCounter(message, into);
    at += (length + 3) & ~3;
  }
  return false;
}

function readCounter(message: Buffer, into: Map<number, { packets: number; bytes: number }>): void {
  if (message.length < ATTRIBUTES_AT) return;
  const attributes = attributesOf(message, ATTRIBUTES_AT);
  const rule = ruleOfCounter(attributes.get(OBJECT.name)?.toString('latin1').replace(/\0$/, '') ?? '');
  const data = attributes.get(OBJECT.data);
  if (rule === undefined || data === undefined) return;
  const counts = attributesOf(data, 0);
  const count = (kind: number) => {
    const value = counts.get(kind);
    return value && value.length >= 8 ? Number(value.readBigUInt64BE(0)) : 0;
  };
  into.set(rule, { packets: count(COUNTER.packets), bytes: count(COUNTER.bytes) });
}

/**
 * Reads the counters of rules; none before there is a table. nft(8) tells them as well, and to start it every few seconds took
 * most of what an idle gateway used of its processor.
 */
export function openCounters(): () => RuleCounts {
  const fd = openNetfilter({ blocks: false });
  const answer = Buffer.alloc(ANSWER_BYTES);
  let sequence = 0;
  return () => {
    sequence = (sequence + 1) % 2 ** 32;
    writeSync(fd, countersRequest(sequence));
    const counts = new Map<number, { packets: number; bytes: number }>();
    // Each read has the kernel prepare the next piece: there is always one until the last.
    for (let n = 0; n < MAX_ANSWERS; n++)
      if (readCounters(answer.subarray(0, readSync(fd, answer)), counts)) return counts;
    throw new Error('the kernel did not end its answer');
  };
}
