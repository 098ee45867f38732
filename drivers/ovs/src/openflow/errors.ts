import { OvsError } from '../errors.ts';
import type { Message } from './message.ts';

/** OFPET_*: what kind of thing the switch refused (OpenFlow 1.5.1, 7.5.4). */
const types: Readonly<Record<number, string>> = {
  0: 'HELLO_FAILED',
  1: 'BAD_REQUEST',
  2: 'BAD_ACTION',
  3: 'BAD_INSTRUCTION',
  4: 'BAD_MATCH',
  5: 'FLOW_MOD_FAILED',
  6: 'GROUP_MOD_FAILED',
  12: 'METER_MOD_FAILED',
  13: 'TABLE_FEATURES_FAILED',
  17: 'BUNDLE_FAILED',
  65535: 'EXPERIMENTER',
};

/** The codes that a mistake in a flow leads to. */
const codes: Readonly<Record<string, string>> = {
  '1/8': 'BUFFER_UNKNOWN',
  '2/0': 'BAD_TYPE: an action that this Open vSwitch does not have',
  '2/4': 'BAD_OUT_PORT',
  '2/5': 'BAD_ARGUMENT',
  '2/9': 'BAD_OUT_GROUP: no such group',
  '2/13': 'BAD_SET_TYPE: the field cannot be set',
  '2/14': 'BAD_SET_LEN',
  '2/15': 'BAD_SET_ARGUMENT',
  '2/10': 'MATCH_INCONSISTENT: the match lacks what the action needs',
  '3/2': 'BAD_TABLE_ID',
  '4/6': 'BAD_FIELD: a field that this Open vSwitch does not have',
  '4/7': 'BAD_VALUE',
  '4/8': 'BAD_MASK',
  '4/9': 'BAD_PREREQ: the match lacks what the field needs',
  '4/10': 'DUP_FIELD',
  '5/1': 'TABLE_FULL',
  '5/2': 'BAD_TABLE_ID',
  '5/3': 'OVERLAP',
  '12/1': 'METER_EXISTS',
  '12/2': 'INVALID_METER: no such meter, or none can be had',
  '12/3': 'UNKNOWN_METER',
  '12/5': 'BAD_FLAGS',
  '12/6': 'BAD_RATE',
  '12/7': 'BAD_BURST',
  '12/10': 'OUT_OF_METERS',
  '17/0': 'UNKNOWN',
  '17/4': 'BUNDLE_CLOSED',
  '17/9': 'MSG_UNSUP',
  '17/11': 'MSG_FAILED',
  '17/12': 'TIMEOUT',
};

/** @param what of ours the switch refused */
export function readError({ body }: Message, what: string, details: Readonly<Record<string, unknown>> = {}): OvsError {
  if (body.length < 4) return new OvsError('protocol', 'The switch sent an error without a type.');
  const [type, code] = [body.readUInt16BE(0), body.readUInt16BE(2)];
  const name = `${types[type] ?? type}, ${codes[`${type}/${code}`] ?? `code ${code}`}`;
  return new OvsError('openflow-error', `The switch refused ${what}: ${name}.`, {
    details: { ...details, type, code },
  });
}
