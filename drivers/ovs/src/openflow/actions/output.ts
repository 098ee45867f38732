import { controllerPort, formatPort, isReserved, maxPort, narrowPort, widenPort } from '../ports.ts';
import { fieldHeader, formatSubfield, packRange, type Subfield } from '../subfield.ts';
import { type Action, nicira, niciraAction, standard, standardAction } from './action.ts';

/** @param maxLength bytes of the packet that go to a controller */
export function output(port: number, maxLength = port === controllerPort ? maxPort : 0): Action {
  const body = Buffer.alloc(12);
  body.writeUInt32BE(widenPort(port), 0);
  body.writeUInt16BE(maxLength, 4);
  const name = isReserved(port) ? formatPort(port) : `output:${port}`;
  const text = port === controllerPort ? `${name}:${maxLength}` : name;
  return { text, bytes: standardAction(standard.output, body) };
}

export function readOutput(body: Buffer): Action {
  return output(narrowPort(body.readUInt32BE(0)) & maxPort, body.readUInt16BE(4));
}

/** Sends to the port whose number the bits hold. */
export function outputField(source: Subfield): Action {
  const body = Buffer.alloc(14);
  body.writeUInt16BE(packRange(source), 0);
  body.writeUInt32BE(fieldHeader(source.field.legacyCode, source.field), 2);
  body.writeUInt16BE(maxPort, 6);
  return { text: `output:${formatSubfield(source)}`, bytes: niciraAction(nicira.outputReg, body) };
}

/** `resubmit(port,table)`: searches a table as if the packet had come in by `port`, then goes on. */
export function resubmit(port: number, table: number, withConnection: boolean): Action {
  const body = Buffer.alloc(6);
  body.writeUInt16BE(port, 0);
  body.writeUInt8(table, 2);
  const portText = formatPort(port);
  const text =
    portText !== 'IN_PORT' && table === 255
      ? `resubmit:${portText}`
      : `resubmit(${portText === 'IN_PORT' ? '' : portText},${table === 255 ? '' : table}${withConnection ? ',ct' : ''})`;
  return { text, bytes: niciraAction(withConnection ? nicira.resubmitTableCt : nicira.resubmitTable, body) };
}
