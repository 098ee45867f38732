import { OvsError } from '../../errors.ts';
import { fieldCoded } from '../fields.ts';
import { fieldHeader, formatSubfield, packRange, parseSubfield, type Subfield, subfieldAt } from '../subfield.ts';
import { type Action, badAction, nicira, niciraAction, parseUint } from './action.ts';
import { splitPieces } from './split.ts';

/** Sends the packet through connection tracking. */
interface Ct {
  readonly commit: boolean;
  /** With `commit`: this packet's direction becomes the original one. */
  readonly force: boolean;
  /** Where a copy of the packet goes on, now knowing its connection; undefined: nowhere. */
  readonly table: number | undefined;
  readonly zone: number | Subfield;
  /** Port number of the protocol whose related connections are to be followed; 0 for none. */
  readonly alg: number;
  /** Run on the connection: its mark and label. */
  readonly exec: readonly Action[];
}

const flags = { commit: 1, force: 2 };
const noTable = 255;
const algorithms: Readonly<Record<string, number>> = { ftp: 21, tftp: 69 };

function ct({ commit, force, table, zone, alg, exec }: Ct): Action {
  const body = Buffer.alloc(14);
  body.writeUInt16BE((commit ? flags.commit : 0) | (force ? flags.force : 0), 0);
  if (typeof zone === 'number') body.writeUInt16BE(zone, 6);
  else {
    body.writeUInt32BE(fieldHeader(zone.field.legacyCode, zone.field), 2);
    body.writeUInt16BE(packRange(zone), 6);
  }
  body.writeUInt8(table ?? noTable, 8);
  body.writeUInt16BE(alg, 12);

  const algName = Object.entries(algorithms).find(([, port]) => port === alg)?.[0] ?? String(alg);
  const parts = [
    ...(commit ? ['commit'] : []),
    ...(force ? ['force'] : []),
    ...(table === undefined ? [] : [`table=${table}`]),
    ...(zone === 0 ? [] : [`zone=${typeof zone === 'number' ? zone : formatSubfield(zone)}`]),
    ...(exec.length === 0 ? [] : [`exec(${exec.map(({ text }) => text).join(',')})`]),
    ...(alg === 0 ? [] : [`alg=${algName}`]),
  ];
  return {
    text: `ct(${parts.join(',')})`,
    bytes: niciraAction(nicira.ct, Buffer.concat([body, ...exec.map(({ bytes }) => bytes)])),
  };
}

export function parseCt(argument: string, parseNested: (text: string) => readonly Action[]): Action {
  let ctAction: Ct = { commit: false, force: false, table: undefined, zone: 0, alg: 0, exec: [] };
  for (const { name, argument: value = '', text } of splitPieces(argument)) {
    ctAction = { ...ctAction, ...parseCtArgument(name, value, text, parseNested) };
  }
  if (ctAction.force && !ctAction.commit) throw badAction(`ct(${argument})`, 'force needs commit');
  return ct(ctAction);
}

function parseCtArgument(
  name: string,
  value: string,
  text: string,
  parseNested: (text: string) => readonly Action[],
): Partial<Ct> {
  switch (name) {
    case 'commit':
      return { commit: true };
    case 'force':
      return { force: true };
    case 'table':
      return { table: parseUint('table', value, noTable - 1) };
    case 'zone':
      return { zone: /^\d|^0x/.test(value) ? parseUint('zone', value, 0xffff) : parseSubfield(value) };
    case 'alg': {
      const alg = algorithms[value];
      if (alg === undefined) throw badAction(text, `this driver knows ${Object.keys(algorithms).join(', ')}`);
      return { alg };
    }
    case 'exec':
      return { exec: parseNested(value) };
    default:
      throw new OvsError('unknown-action', `This driver does not know ${text} inside of ct.`, {
        details: { action: text },
      });
  }
}

/**
 * Undefined when the zone comes from a field that this driver does not know.
 *
 * @param body what follows the ten bytes of a Nicira action's header
 */
export function readCt(body: Buffer, readNested: (bytes: Buffer) => readonly Action[]): Action | undefined {
  const bits = body.readUInt16BE(0);
  const zone = readZone(body.readUInt32BE(2), body.readUInt16BE(6));
  if (zone === undefined) return undefined;
  const table = body.readUInt8(8);
  return ct({
    commit: (bits & flags.commit) !== 0,
    force: (bits & flags.force) !== 0,
    table: table === noTable ? undefined : table,
    zone,
    alg: body.readUInt16BE(12),
    exec: readNested(body.subarray(14)),
  });
}

/** A number, or, when `source` names a field, a range of its bits. */
function readZone(source: number, zone: number): number | Subfield | undefined {
  if (source === 0) return zone;
  const field = fieldCoded(source >>> 9);
  return field && subfieldAt(field, zone >> 6, (zone & 63) + 1);
}
