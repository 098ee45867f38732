import { OvsError } from '../../errors.ts';

/**
 * One action, in both of its forms: as `ovs-ofctl dump-flows` prints it and as OpenFlow 1.5 carries it. What builds an
 * action builds both, so that reading either form and writing the other cannot disagree.
 */
export interface Action {
  readonly text: string;
  readonly bytes: Buffer;
}

/** Numbers of OpenFlow's own actions (OpenFlow 1.5.1, 7.2.6) that the product uses. */
export const standard = {
  output: 0,
  pushVlan: 17,
  popVlan: 18,
  setQueue: 21,
  group: 22,
  decTtl: 24,
  setField: 25,
  copyField: 28,
  meter: 29,
  experimenter: 0xffff,
} as const;

export const niciraVendor = 0x0000_2320;

/** Numbers of Nicira's actions (Open vSwitch lib/ofp-actions.c, enum ofp_raw_action_type) that the product uses. */
export const nicira = {
  resubmit: 1,
  note: 8,
  multipath: 10,
  resubmitTable: 14,
  outputReg: 15,
  learn: 16,
  exit: 17,
  sample: 29,
  conjunction: 34,
  ct: 35,
  sampleFromPort: 38,
  clone: 42,
  ctClear: 43,
  resubmitTableCt: 44,
} as const;

const align = (length: number): number => (length + 7) & ~7;

/** An action with its four-byte header and the padding to eight. */
export function standardAction(type: number, body: Buffer): Buffer {
  const out = Buffer.alloc(align(4 + body.length));
  out.writeUInt16BE(type, 0);
  out.writeUInt16BE(out.length, 2);
  body.copy(out, 4);
  return out;
}

/** One of Nicira's actions: ten bytes of header, body, padding to eight. */
export function niciraAction(subtype: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt32BE(niciraVendor, 0);
  header.writeUInt16BE(subtype, 4);
  return standardAction(standard.experimenter, Buffer.concat([header, body]));
}

/** Reads an unsigned number in decimal or hexadecimal. Throws `bad-value`. */
export function parseUint(what: string, text: string | undefined, max: number): number {
  const value = text !== undefined && /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value <= max)) throw badAction(`${what}=${text ?? ''}`, `a number up to ${max} belongs there`);
  return value;
}

export function badAction(text: string, why: string): OvsError {
  return new OvsError('bad-value', `The action ${text} is not right: ${why}.`, { details: { action: text } });
}

/** Throws `protocol` when a switch sent fewer bytes than the action has. */
export function needBytes(body: Buffer, length: number): Buffer {
  if (body.length < length) throw new OvsError('protocol', 'The switch sent an action that is too short.');
  return body;
}
