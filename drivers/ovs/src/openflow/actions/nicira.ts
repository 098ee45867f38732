import { formatPort, maxPort, parsePort } from '../ports.ts';
import { type Action, badAction, nicira, niciraAction, parseUint } from './action.ts';
import { argumentsOf } from './split.ts';

/** Says that this flow satisfies clause `clause` (from 1) of `of` clauses of the conjunctive match `id` (ovs-fields(7)). */
export function conjunction(id: number, clause: number, of: number): Action {
  const body = Buffer.alloc(6);
  body.writeUInt8(clause - 1, 0);
  body.writeUInt8(of, 1);
  body.writeUInt32BE(id, 2);
  return { text: `conjunction(${id},${clause}/${of})`, bytes: niciraAction(nicira.conjunction, body) };
}

/** `conjunction(id,clause/of)` */
export function parseConjunction(argument: string): Action {
  const [, id, clause, of] = /^\s*(\d+)\s*,\s*(\d+)\s*\/\s*(\d+)\s*$/.exec(argument) ?? [];
  const count = parseUint('conjunction', of, 64);
  const index = parseUint('conjunction', clause, count);
  if (count < 2 || index < 1) throw badAction(`conjunction(${argument})`, 'it has 2 to 64 clauses, counted from 1');
  return conjunction(parseUint('conjunction', id, 0xffff_ffff), index, count);
}

export interface Sample {
  /** Of 65535 packets. */
  readonly probability: number;
  readonly collectorSet: number;
  readonly domain: number;
  readonly point: number;
  /** The port reported with the sample. */
  readonly port: number | undefined;
}

/** Exports the packet's flow by IPFIX, with two numbers of ours. */
export function sample({ probability, collectorSet, domain, point, port }: Sample): Action {
  const body = Buffer.alloc(port === undefined ? 14 : 22);
  body.writeUInt16BE(probability, 0);
  body.writeUInt32BE(collectorSet, 2);
  body.writeUInt32BE(domain, 6);
  body.writeUInt32BE(point, 10);
  if (port !== undefined) body.writeUInt16BE(port, 14);
  const ids = `probability=${probability},collector_set_id=${collectorSet},obs_domain_id=${domain},obs_point_id=${point}`;
  const from = port === undefined ? '' : `,sampling_port=${formatPort(port)}`;
  return {
    text: `sample(${ids}${from})`,
    bytes: niciraAction(port === undefined ? nicira.sample : nicira.sampleFromPort, body),
  };
}

const sampleArguments = new Set(['probability', 'collector_set_id', 'obs_domain_id', 'obs_point_id', 'sampling_port']);

export function parseSample(argument: string): Action {
  const fields = argumentsOf(argument);
  for (const name of fields.keys()) {
    if (!sampleArguments.has(name)) throw badAction(`sample(${argument})`, `this driver does not know ${name}`);
  }
  const id = (name: string): number => (fields.has(name) ? parseUint(name, fields.get(name), 0xffff_ffff) : 0);
  const probability = parseUint('probability', fields.get('probability'), 0xffff);
  if (probability === 0) throw badAction(`sample(${argument})`, 'its probability is zero');
  const portText = fields.get('sampling_port');
  const port = portText === undefined ? undefined : parsePort(portText);
  if (portText !== undefined && port === undefined) throw badAction(`sample(${argument})`, `${portText} is no port`);
  return sample({
    probability,
    collectorSet: id('collector_set_id'),
    domain: id('obs_domain_id'),
    point: id('obs_point_id'),
    port: port === maxPort ? undefined : port,
  });
}

/** Bytes that the switch keeps with the flow and ignores. */
export function note(data: Buffer): Action {
  const bytes = niciraAction(nicira.note, data);
  const kept = bytes.subarray(10).toString('hex').match(/../g) ?? [];
  return { text: `note:${kept.join('.')}`, bytes };
}

/** `note:68.76.` in hexadecimal, with or without dots. */
export function parseNote(argument: string): Action {
  const digits = argument.replaceAll('.', '');
  if (!/^(?:[0-9a-f]{2}){0,1024}$/i.test(digits))
    throw badAction(`note:${argument}`, 'it holds up to 1024 bytes in hexadecimal');
  return note(Buffer.from(digits, 'hex'));
}

export const ctClear: Action = { text: 'ct_clear', bytes: niciraAction(nicira.ctClear, Buffer.alloc(6)) };
export const exit: Action = { text: 'exit', bytes: niciraAction(nicira.exit, Buffer.alloc(6)) };

/** Runs actions on a copy of the packet. */
export function clone(actions: readonly Action[]): Action {
  const body = Buffer.concat([Buffer.alloc(6), ...actions.map(({ bytes }) => bytes)]);
  return {
    text: `clone(${actions.map(({ text }) => text).join(',') || 'drop'})`,
    bytes: niciraAction(nicira.clone, body),
  };
}
