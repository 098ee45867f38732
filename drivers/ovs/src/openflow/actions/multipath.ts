import { fieldCoded } from '../fields.ts';
import { fieldHeader, formatSubfield, packRange, parseSubfield, type Subfield, subfieldAt } from '../subfield.ts';
import { type Action, badAction, needBytes, nicira, niciraAction, parseUint } from './action.ts';

/** What may be hashed, by its number on the wire (Open vSwitch include/openflow/nicira-ext.h, enum nx_hash_fields). */
const HASHES = ['eth_src', 'symmetric_l4', 'symmetric_l3l4', 'symmetric_l3l4+udp', 'nw_src', 'nw_dst', 'symmetric_l3'];
/** Of the ways to choose a link by a hash, the one whose number is 0: the remainder. */
const ALGORITHM = 'modulo_n';

interface Multipath {
  /** Place in {@link HASHES}. */
  readonly hash: number;
  readonly basis: number;
  readonly links: number;
  readonly target: Subfield;
}

/** Writes a number below `links` into bits, the same one for all packets with the same hash. */
function multipath({ hash, basis, links, target }: Multipath): Action {
  const body = Buffer.alloc(22);
  body.writeUInt16BE(hash, 0);
  body.writeUInt16BE(basis, 2);
  body.writeUInt16BE(links - 1, 8);
  body.writeUInt16BE(packRange(target), 16);
  body.writeUInt32BE(fieldHeader(target.field.legacyCode, target.field), 18);
  return {
    text: `multipath(${HASHES[hash]},${basis},${ALGORITHM},${links},0,${formatSubfield(target)})`,
    bytes: niciraAction(nicira.multipath, body),
  };
}

/** `multipath(symmetric_l3l4+udp,50,modulo_n,4,0,NXM_NX_REG11[16..31])` */
export function parseMultipath(argument: string): Action {
  const [fields = '', basis, algorithm, links, last, targetText = '', ...more] = argument
    .split(',')
    .map((s) => s.trim());
  const refuse = (why: string) => badAction(`multipath(${argument})`, why);
  const hash = HASHES.indexOf(fields);
  if (hash < 0) throw refuse(`it hashes one of ${HASHES.join(', ')}`);
  if (algorithm !== ALGORITHM || last !== '0' || more.length > 0) throw refuse(`this driver knows ${ALGORITHM} alone`);
  const count = parseUint('multipath', links, 0x1_0000);
  const target = parseSubfield(targetText);
  if (count < 1 || count > 2 ** target.bits) throw refuse(`${target.bits} bits do not hold ${count} links`);
  return multipath({ hash, basis: parseUint('multipath', basis, 0xffff), links: count, target });
}

/** Undefined for a hash or a way to choose that this driver does not know. */
export function readMultipath(bytes: Buffer): Action | undefined {
  const body = needBytes(bytes, 22);
  const [hash, range, field] = [body.readUInt16BE(0), body.readUInt16BE(16), fieldCoded(body.readUInt32BE(18) >>> 9)];
  if (hash >= HASHES.length || body.readUInt16BE(6) !== 0 || body.readUInt32BE(10) !== 0 || !field) return undefined;
  const target = subfieldAt(field, range >> 6, (range & 63) + 1);
  return multipath({ hash, basis: body.readUInt16BE(2), links: body.readUInt16BE(8) + 1, target });
}
