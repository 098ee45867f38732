import { OvsError } from '../errors.ts';
import { parseInstructions } from '../openflow/actions/parse.ts';
import { type FlowMod, flowCommand } from '../openflow/flow-mod.ts';
import type { RawFlow } from '../openflow/flow-stats.ts';
import { encodeInstructions, formatInstructions } from '../openflow/instructions.ts';
import { decodeOxm, encodeOxm } from '../openflow/match-codec.ts';
import { formatMatch } from '../openflow/match-format.ts';
import { parseMatch } from '../openflow/match-parse.ts';
import type { FlowKey, FlowSpec, FlowStats } from './spec.ts';

/**
 * Texts to bytes, remembering those seen: thousands of flows of a pipeline share a few dozen actions, and rules about one group
 * their matches.
 */
export interface FlowEncoder {
  encode(flow: FlowSpec): FlowMod;
  encodeKey(key: FlowKey): FlowMod;
}

const rememberedTexts = 10_000;
const none = Buffer.alloc(0);

export function createFlowEncoder(): FlowEncoder {
  const instructionsOf = remembering((actions) => encodeInstructions(parseInstructions(actions)));
  const matchOf = remembering((match) => encodeOxm(parseMatch(match)));
  const encode = (command: number, { table, priority, match }: FlowKey, cookie: bigint, actions: string): FlowMod => {
    checkRange('table', table, 254);
    checkRange('priority', priority, 0xffff);
    return {
      command,
      table,
      priority,
      cookie: BigInt.asUintN(64, cookie),
      match: matchOf(match),
      instructions: actions === '' ? none : instructionsOf(actions),
    };
  };
  return {
    encode: (flow) => inFlow(flow, () => encode(flowCommand.add, flow, flow.cookie, flow.actions)),
    encodeKey: (key) => inFlow(key, () => encode(flowCommand.deleteStrict, key, 0n, '')),
  };
}

function remembering(encode: (text: string) => Buffer): (text: string) => Buffer {
  const remembered = new Map<string, Buffer>();
  return (text) => {
    const known = remembered.get(text);
    if (known) return known;
    const bytes = encode(text);
    if (remembered.size >= rememberedTexts) remembered.clear();
    remembered.set(text, bytes);
    return bytes;
  };
}

function checkRange(what: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  throw new OvsError('bad-value', `${value} is no ${what}: it is a number from 0 to ${max}.`);
}

/** Says in which flow the mistake is. */
function inFlow<T>(flow: FlowKey, encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof OvsError)) throw error;
    throw new OvsError(error.code, `In the flow ${describeFlow(flow)}: ${error.message}`, {
      cause: error,
      details: { ...error.details, flow },
    });
  }
}

export function describeFlow({ table, priority, match }: FlowKey): string {
  return `table=${table},priority=${priority}${match && `,${match}`}`;
}

/** The flow in the text that `ovs-ofctl dump-flows` prints. */
export function decodeFlow({ match, instructions, ...rest }: RawFlow): FlowStats {
  return { ...rest, match: formatOxm(match), actions: formatInstructions(instructions) };
}

/** The match in canonical text; fields of somebody else's as `unknown(hex)`. */
export function formatOxm(oxm: Buffer): string {
  const { match, unknown } = decodeOxm(oxm);
  return [formatMatch(match), ...unknown.map((entry) => `unknown(${entry.toString('hex')})`)]
    .filter((part) => part !== '')
    .join(',');
}

/** The canonical texts of a flow, as the switch would print it. */
export function canonicalFlow(flow: FlowSpec): FlowSpec {
  const { instructions } = createFlowEncoder().encode(flow);
  return { ...flow, match: formatMatch(parseMatch(flow.match)), actions: formatInstructions(instructions) };
}
