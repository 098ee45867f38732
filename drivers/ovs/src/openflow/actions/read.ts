import { OvsError } from '../../errors.ts';
import { type Field, fieldCoded } from '../fields.ts';
import { readEntry } from '../match-codec.ts';
import { maxPort } from '../ports.ts';
import { subfieldAt } from '../subfield.ts';
import { type Action, needBytes, nicira, niciraVendor, standard } from './action.ts';
import { readCt } from './ct.ts';
import { readLearn } from './learn.ts';
import { readMultipath } from './multipath.ts';
import { clone, conjunction, ctClear, exit, note, sample } from './nicira.ts';
import { outputField, readOutput, resubmit } from './output.ts';
import { move, setField } from './set-field.ts';
import { decTtl, popVlan, pushVlan, withUint32 } from './standard.ts';

/** `clone` and `ct` nest; the product nests two deep. */
const maxDepth = 8;

/**
 * Reads a list of actions as OpenFlow 1.5 carries it. An action that this driver does not know is kept as it is and
 * written as `unknown(hex)`. Throws `protocol` when lengths do not add up.
 */
export function readActions(bytes: Buffer, depth = 0): readonly Action[] {
  if (depth > maxDepth) throw new OvsError('too-large', `The switch sent actions nested deeper than ${maxDepth}.`);
  const actions: Action[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    if (offset + 8 > bytes.length) throw new OvsError('protocol', 'The switch sent actions that end inside one.');
    const length = bytes.readUInt16BE(offset + 2);
    if (length < 8 || length % 8 !== 0 || offset + length > bytes.length) {
      throw new OvsError('protocol', `The switch sent an action of ${length} bytes.`);
    }
    const action = bytes.subarray(offset, offset + length);
    actions.push(readAction(action, depth) ?? { text: `unknown(${action.toString('hex')})`, bytes: action });
    offset += length;
  }
  return actions;
}

function readAction(action: Buffer, depth: number): Action | undefined {
  const body = action.subarray(4);
  switch (action.readUInt16BE(0)) {
    case standard.output:
      return readOutput(needBytes(body, 12));
    case standard.pushVlan:
      return pushVlan(body.readUInt16BE(0));
    case standard.popVlan:
      return popVlan;
    case standard.decTtl:
      return decTtl;
    case standard.group:
      return withUint32('group', standard.group, body.readUInt32BE(0));
    case standard.meter:
      return withUint32('meter', standard.meter, body.readUInt32BE(0));
    case standard.setQueue:
      return withUint32('set_queue', standard.setQueue, body.readUInt32BE(0));
    case standard.setField:
      return readSetField(body);
    case standard.copyField:
      return readCopyField(needBytes(body, 16));
    case standard.experimenter:
      return body.readUInt32BE(0) === niciraVendor
        ? readNicira(needBytes(body, 12).readUInt16BE(4), body.subarray(6), depth)
        : undefined;
    default:
      return undefined;
  }
}

function readNicira(subtype: number, body: Buffer, depth: number): Action | undefined {
  switch (subtype) {
    case nicira.resubmit:
      return resubmit(body.readUInt16BE(0), 255, false);
    case nicira.resubmitTable:
    case nicira.resubmitTableCt:
      return resubmit(body.readUInt16BE(0), body.readUInt8(2), subtype === nicira.resubmitTableCt);
    case nicira.note:
      return note(body);
    case nicira.multipath:
      return readMultipath(body);
    case nicira.learn:
      return readLearn(body);
    case nicira.outputReg:
      return readOutputField(needBytes(body, 14));
    case nicira.exit:
      return exit;
    case nicira.sample:
    case nicira.sampleFromPort:
      return readSample(needBytes(body, subtype === nicira.sample ? 14 : 22), subtype === nicira.sampleFromPort);
    case nicira.conjunction:
      return conjunction(body.readUInt32BE(2), body.readUInt8(0) + 1, body.readUInt8(1));
    case nicira.ct:
      return readCt(needBytes(body, 14), (nested) => readActions(nested, depth + 1));
    case nicira.clone:
      return clone(readActions(body.subarray(6), depth + 1));
    case nicira.ctClear:
      return ctClear;
    default:
      return undefined;
  }
}

function readSample(body: Buffer, fromPort: boolean): Action {
  return sample({
    probability: body.readUInt16BE(0),
    collectorSet: body.readUInt32BE(2),
    domain: body.readUInt32BE(6),
    point: body.readUInt32BE(10),
    port: fromPort && body.readUInt16BE(14) !== maxPort ? body.readUInt16BE(14) : undefined,
  });
}

function readSetField(body: Buffer): Action | undefined {
  const header = body.readUInt32BE(0);
  const field = fieldCoded(header >>> 9);
  const end = 4 + (header & 0xff);
  if (!field) return undefined;
  const [, masked] = readEntry(field, (header & 0x100) !== 0, needBytes(body, end).subarray(4, end));
  return setField({ field, ...masked });
}

function readCopyField(body: Buffer): Action | undefined {
  const [source, target] = [fieldAt(body, 8), fieldAt(body, 12)];
  if (!source || !target) return undefined;
  const bits = body.readUInt16BE(0);
  return move(subfieldAt(source, body.readUInt16BE(2), bits), subfieldAt(target, body.readUInt16BE(4), bits));
}

function readOutputField(body: Buffer): Action | undefined {
  const field = fieldAt(body, 2);
  const range = body.readUInt16BE(0);
  return field && outputField(subfieldAt(field, range >> 6, (range & 63) + 1));
}

function fieldAt(body: Buffer, offset: number): Field | undefined {
  return fieldCoded(body.readUInt32BE(offset) >>> 9);
}
