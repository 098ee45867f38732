import { OvsError } from '../../errors.ts';
import { fieldNamed } from '../fields.ts';
import { inPort, parsePort } from '../ports.ts';
import { parseSubfield } from '../subfield.ts';
import { type Action, badAction, parseUint, standard } from './action.ts';
import { parseCt } from './ct.ts';
import { parseLearn } from './learn.ts';
import { parseMultipath } from './multipath.ts';
import { clone, ctClear, exit, parseConjunction, parseNote, parseSample } from './nicira.ts';
import { output, outputField, resubmit } from './output.ts';
import { parseLoad, parseMove, parseSetField } from './set-field.ts';
import { type Piece, splitPieces } from './split.ts';
import { decTtl, popVlan, pushVlan, withUint32 } from './standard.ts';

/** What a flow does: its actions, and the table that searches on afterwards. */
export interface Instructions {
  readonly actions: readonly Action[];
  readonly gotoTable: number | undefined;
}

type Parse = (argument: string) => Action;

const setNamed =
  (field: string): Parse =>
  (argument) =>
    parseSetField(`${argument}->${field}`);
const bare =
  (action: Action): Parse =>
  (argument) => {
    if (argument !== '') throw badAction(`${action.text}(${argument})`, 'it takes no argument');
    return action;
  };

const parsers: Readonly<Record<string, Parse>> = {
  output: parseOutput,
  resubmit: parseResubmit,
  set_field: parseSetField,
  load: parseLoad,
  move: parseMove,
  mod_dl_src: setNamed('eth_src'),
  mod_dl_dst: setNamed('eth_dst'),
  mod_nw_src: setNamed('ip_src'),
  mod_nw_dst: setNamed('ip_dst'),
  set_tunnel: setNamed('tun_id'),
  push_vlan: (argument) => pushVlan(parseUint('push_vlan', argument, 0xffff)),
  pop_vlan: bare(popVlan),
  strip_vlan: bare(popVlan),
  dec_ttl: bare(decTtl),
  group: (argument) => withUint32('group', standard.group, parseUint('group', argument, 0xffff_ff00)),
  meter: (argument) => withUint32('meter', standard.meter, parseUint('meter', argument, 0xffff_0000)),
  set_queue: (argument) => withUint32('set_queue', standard.setQueue, parseUint('set_queue', argument, 0xffff_fffe)),
  conjunction: parseConjunction,
  sample: parseSample,
  note: parseNote,
  multipath: parseMultipath,
  learn: parseLearn,
  ct: (argument) => parseCt(argument, parseActions),
  clone: (argument) => clone(parseActions(argument)),
  ct_clear: bare(ctClear),
  exit: bare(exit),
};

/**
 * Reads actions as ovs-actions(7) writes them. Throws `unknown-action`, `unknown-field` or `bad-value`, which name the
 * action. Empty text and `drop` are no actions.
 */
export function parseInstructions(text: string): Instructions {
  const pieces = splitPieces(text);
  const last = pieces.at(-1);
  if (last?.name !== 'goto_table') return { actions: toActions(pieces), gotoTable: undefined };
  return { actions: toActions(pieces.slice(0, -1)), gotoTable: parseUint('goto_table', last.argument, 254) };
}

function parseActions(text: string): readonly Action[] {
  return toActions(splitPieces(text));
}

function toActions(pieces: readonly Piece[]): readonly Action[] {
  const isDrop = pieces.some(({ name }) => name === 'drop');
  if (!isDrop) return pieces.map(toAction);
  if (pieces.length > 1) throw badAction(pieces.map(({ text }) => text).join(','), 'drop stands alone');
  return [];
}

function toAction({ name, argument, text }: Piece): Action {
  const parse = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
  if (parse) return parse(argument ?? '');
  const port = parsePort(name);
  if (port === undefined) {
    throw new OvsError('unknown-action', `This driver does not know the action ${text}.`, {
      details: { action: text },
    });
  }
  // `NORMAL`, `CONTROLLER:128`, a bare port number.
  return argument === undefined || argument === '' ? output(port) : output(port, parseUint(name, argument, 0xffff));
}

function parseOutput(argument: string): Action {
  const port = parsePort(argument);
  if (port !== undefined) return output(port);
  if (!fieldNamed(argument.replace(/\[.*$/, '')))
    throw badAction(`output:${argument}`, 'it is neither a port number nor a field');
  return outputField(parseSubfield(argument));
}

/** `resubmit:port`, `resubmit(port,table)`, `resubmit(,table,ct)` */
function parseResubmit(argument: string): Action {
  const [portText = '', tableText = '', connection = '', ...rest] = argument.split(',').map((part) => part.trim());
  const port = portText === '' ? inPort : parsePort(portText);
  if (port === undefined) throw badAction(`resubmit(${argument})`, `${portText} is no port`);
  if (!['', 'ct'].includes(connection) || rest.length > 0)
    throw badAction(`resubmit(${argument})`, 'only ct may follow the table');
  const table = tableText === '' ? 255 : parseUint('table', tableText, 254);
  if (port === inPort && table === 255) throw badAction(`resubmit(${argument})`, 'it names neither a port nor a table');
  return resubmit(port, table, connection === 'ct');
}
