import { OvsError } from '../errors.ts';

/** One table that the packet visited. */
export interface TraceStep {
  readonly table: number;
  /** The rule's match in ovs-ofctl's canonical text; undefined when no rule matched. */
  readonly match: string | undefined;
  readonly priority: number | undefined;
  readonly cookie: bigint;
  /** The actions that ran, with those of a `clone` or an `exec` also on their own. */
  readonly actions: readonly string[];
}

/** A connection that the packet would commit. */
export interface TraceCommit {
  readonly zone: number;
  readonly mark: bigint;
  readonly label: bigint;
}

export interface TraceSample {
  readonly domain: number;
  readonly point: number;
}

export interface Trace {
  readonly verdict: 'forward' | 'drop';
  /** OpenFlow ports that the packet left by, in order, each as often as it left. */
  readonly outputs: readonly number[];
  readonly steps: readonly TraceStep[];
  /** The table numbers of `steps`. */
  readonly tables: readonly number[];
  readonly samples: readonly TraceSample[];
  readonly commits: readonly TraceCommit[];
  /** The non-zero registers at the end of the last pass, by number. */
  readonly registers: Readonly<Record<number, number>>;
  /** The fields at the end of the last pass as printed, by name; a bare word such as `tcp` has an empty value. */
  readonly finalFlow: Readonly<Record<string, string>>;
  /** One element for each pass: conntrack and others make the packet pass again. */
  readonly datapathActions: readonly string[];
  /** The whole answer, for people. */
  readonly text: string;
}

const commitAction = /\bct\(([^()]*)\)/g;

/** Reads the answer of `ofproto/trace`. Throws `bad-output` when it is none. */
export function parseTrace(text: string): Trace {
  const steps: (TraceStep & { actions: string[] })[] = [];
  const outputs: number[] = [];
  const samples: TraceSample[] = [];
  const datapathActions: string[] = [];
  let startFlow: Record<string, string> = {};
  let finalFlow: Record<string, string> = {};
  /** The port of an `output`, until a following line says that it was skipped, or that it is another. */
  let leaving: number | undefined;

  /** What to do with a line, by its form; the first that fits. Remarks come before the actions that they look like. */
  const readers: readonly (readonly [form: RegExp, read: (...parts: string[]) => void])[] = [
    [/^ *>>/, () => (leaving = undefined)],
    [/^ *-> output port is (\d+)$/, (port) => (leaving = Number(port))],
    [/^ *->/, () => undefined],
    [/^ *(\d+)\. No match\.$/, (table) => visit(table, undefined, undefined)],
    [/^ *(\d+)\. (?:(.*), )?priority (\d+)(?:, cookie (0x[0-9a-f]+))?$/, (...step) => visit(...(step as Visit))],
    [/^Flow: (.*)$/, (flow) => (startFlow = parseFlow(flow))],
    [/^Final flow: (.*)$/, (flow) => (finalFlow = flow === 'unchanged' ? startFlow : parseFlow(flow))],
    [/^Datapath actions: *(.*)$/, (actions) => datapathActions.push(actions)],
    [/^ {4,}(.*)$/, (action) => act(action)],
  ];
  type Visit = [table: string, match: string | undefined, priority: string | undefined, cookie?: string];
  const visit = (...[table, match = '', priority, cookie = '0x0']: Visit): void => {
    const isMatch = priority !== undefined;
    steps.push({
      table: Number(table),
      match: isMatch ? match : undefined,
      priority: isMatch ? Number(priority) : undefined,
      cookie: BigInt(cookie),
      actions: [],
    });
  };
  const act = (action: string): void => {
    steps.at(-1)?.actions.push(action);
    const [, domain, point] = /^sample\(.*obs_domain_id=(\d+),obs_point_id=(\d+)/.exec(action) ?? [];
    if (domain !== undefined) samples.push({ domain: Number(domain), point: Number(point) });
    const port = action === 'IN_PORT' ? startFlow['in_port'] : /^output:(\d+)$/.exec(action)?.[1];
    if (port !== undefined) leaving = Number(port);
  };

  for (const line of text.split('\n')) {
    const isRemark = /^ *(?:->|>>)/.test(line);
    if (!isRemark && leaving !== undefined) {
      outputs.push(leaving);
      leaving = undefined;
    }
    for (const [form, read] of readers) {
      const parts = form.exec(line.trimEnd());
      if (!parts) continue;
      read(...parts.slice(1));
      break;
    }
  }
  if (datapathActions.length === 0) throw new OvsError('bad-output', `This is no trace: ${text.slice(0, 200)}`);
  return {
    verdict: datapathActions.some(hasOutput) ? 'forward' : 'drop',
    outputs,
    steps,
    tables: steps.map(({ table }) => table),
    samples,
    commits: datapathActions.flatMap(parseCommits),
    registers: registersOf(finalFlow),
    finalFlow,
    datapathActions,
    text,
  };
}

/** `tcp,reg5=0x1,in_port=1` to `{tcp: '', reg5: '0x1', in_port: '1'}`. */
function parseFlow(text: string): Record<string, string> {
  const fields = text.split(',').map((part): [string, string] => {
    const equals = part.indexOf('=');
    return equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
  });
  return Object.fromEntries(fields);
}

function registersOf(flow: Readonly<Record<string, string>>): Record<number, number> {
  const registers: Record<number, number> = {};
  for (const [name, value] of Object.entries(flow)) {
    const register = /^reg(\d+)$/.exec(name);
    if (register) registers[Number(register[1])] = Number(value);
  }
  return registers;
}

/** A port stands bare between the datapath's actions; the numbers of these few actions do not. */
function hasOutput(actions: string): boolean {
  const bare = actions.replace(/\b(?:meter|trunc|recirc|lb_output)\([^()]*\)/g, '');
  return /(?:^|[,(])\d+(?=[,)]|$)/.test(bare);
}

function parseCommits(actions: string): TraceCommit[] {
  const commits: TraceCommit[] = [];
  for (const [, inside = ''] of actions.matchAll(commitAction)) {
    const fields = parseFlow(inside);
    if (!('commit' in fields) && !('force_commit' in fields)) continue;
    commits.push({ zone: Number(fields['zone'] ?? 0), mark: bits(fields['mark']), label: bits(fields['label']) });
  }
  return commits;
}

/** `0x13/0xffffffff` to 19n: the bits outside the mask stay as they are in the connection. */
function bits(text: string | undefined): bigint {
  const [value = ''] = (text ?? '').split('/');
  return /^(0x[0-9a-f]+|\d+)$/i.test(value) ? BigInt(value) : 0n;
}
