import {
  api,
  type Client,
  feedText,
  firewallText,
  type Language,
  leftOutText,
  ruleInput,
  taskErrorText,
} from '@hypervigil/contract';
import type { FeedState, HostFirewallProblem, HostFirewallStatus, Rule, Task } from '@hypervigil/model';
import type { z } from 'zod';
import { fieldsOf, fieldValue, innerFields, parseArguments } from './arguments.ts';
import type { Command, Operation } from './commands/command.ts';
import { connect } from './connection.ts';
import { CliError } from './errors.ts';
import { viewFields } from './flow-view.ts';
import { callOf, idOf } from './ids.ts';
import { facts, table } from './output.ts';

type Named = { id: string; name: string };

/** Names between commas. */
const namesIn = (text: string): string[] => text.split(',').flatMap((name) => name.trim() || []);

/** Runs one subcommand and returns what it prints. */
export async function runCommand(command: Command, args: readonly string[], language: Language): Promise<string> {
  const parsed = parseArguments(command, args);
  const endpoint = api[command.operation] as import('@hypervigil/contract').Endpoint;
  const { client } = connect(parsed.flags);
  const view = parsed.flags['view'];
  const asked = Object.entries(view === undefined ? {} : await viewFields(client, view));
  const fields = {
    ...Object.fromEntries(asked.filter(([field]) => field in fieldsOf(endpoint))),
    ...parsed.fields,
  };
  const request: Record<string, unknown> = {};
  if (endpoint.params !== undefined) {
    const name = parsed.positional.shift();
    if (name === undefined) throw new CliError('name-missing', { command: command.words });
    request['params'] = { id: command.nameIn === undefined ? name : await idOf(client, command.nameIn, name) };
  }
  for (const field of command.positional ?? []) {
    const word = fields[field] === undefined ? parsed.positional.shift() : undefined;
    if (word === undefined) continue;
    const isRead = field in { ...command.lookups, ...command.reads };
    fields[field] = isRead ? word : fieldValue(fieldsOf(endpoint)[field]!, word, false);
  }
  for (const [field, list] of Object.entries(command.lookups ?? {})) {
    const value = fields[field];
    if (typeof value !== 'string') continue;
    const isList = field.endsWith('Ids');
    const ids = await Promise.all((isList ? namesIn(value) : [value]).map((name) => idOf(client, list, name)));
    fields[field] = isList ? ids : ids[0];
  }
  for (const [field, read] of Object.entries(command.reads ?? {})) {
    const value = fields[field];
    // `--new-in 50` is a number by itself, which says less than `50/s` and is read likewise.
    if (typeof value === 'string' || typeof value === 'number') fields[field] = await read(client, String(value));
  }
  if (parsed.positional.length > 0) throw new CliError('too-many-words', { words: parsed.positional.join(' ') });
  await fillRevision(client, command, fields, request);
  if (endpoint.query !== undefined) request['query'] = fields;
  if (endpoint.body !== undefined) request['body'] = fields;
  const json = parsed.flags['json'] === 'true';
  const answer = await callOf(client, command.operation)(request);
  if (!json && command.rows !== undefined) {
    const rows = command.rows(answer as never, language);
    const told = command.summary?.(answer as never, language) ?? [];
    return [...told, ...(rows.length > 0 || told.length === 0 ? [table(rows, command.columns ?? [])] : [])].join('\n');
  }
  return show(json ? answer : inWords(await withNames(client, command, answer), language), command, json);
}

/**
 * Whoever names no revision means the one that is there now. For a change of a whole object the fields that were not
 * given keep their values, so that `hv group update web --description x` does what it says.
 */
async function fillRevision(
  client: Client,
  command: Command,
  fields: Record<string, unknown>,
  request: Record<string, unknown>,
): Promise<void> {
  const endpoint = api[command.operation];
  if ('draftRevision' in fieldsOf(endpoint)) {
    fields['draftRevision'] ??= (await client.getPolicyStatus()).draftRevision;
  } else if (/^(confirm|inherit)/.test(command.operation)) {
    const getter = command.operation.replace(/^(confirm|inherit)/, 'get') as Operation;
    fields['revision'] ??= (
      (await callOf(client, getter)({ params: request['params'] })) as { revision: number }
    ).revision;
  } else if (command.operation.startsWith('update')) {
    const getter = command.operation.replace('update', 'get') as Operation;
    const current = (await callOf(client, getter)({ params: request['params'] })) as Record<string, unknown>;
    for (const [field, schema] of Object.entries(fieldsOf(endpoint))) {
      const value = field === 'rules' ? (current[field] as Rule[]).map(ruleInput) : current[field];
      if (isWhole(schema, value, fields[field])) fields[field] = { ...(value as object), ...(fields[field] as object) };
      // Of what is too much to be shown, an answer tells only how much it is: that stays as it is.
      else if (!(field in fields) && schema.safeParse(value).success) fields[field] = value;
    }
  }
}

/** Whether an object keeps of what it is what is not said anew: unless it shall be one of another kind. */
function isWhole(schema: z.ZodType, current: unknown, given: unknown): boolean {
  if (typeof current !== 'object' || current === null || Object.keys(innerFields(schema)).length === 0) return false;
  const { kind } = (given ?? {}) as { kind?: unknown };
  return kind === undefined || kind === (current as { kind?: unknown }).kind;
}

/** Which list knows the name behind an id in a column. */
const NAMED_COLUMNS: Readonly<Record<string, Operation>> = { hostId: 'listHosts', tenantId: 'listTenants' };

/** People read names: ids in columns become them. */
async function withNames(client: Client, command: Command, answer: unknown): Promise<unknown> {
  const { items } = (answer ?? {}) as { items?: Record<string, unknown>[] };
  const columns = Object.entries(NAMED_COLUMNS).filter(([column]) => command.columns?.includes(column));
  if (items === undefined || columns.length === 0) return answer;
  const known = await Promise.all(
    columns.map(async ([column, list]) => {
      const named = (await callOf(client, list)({ query: { limit: 1000 } })) as { items: Named[] };
      return [column, new Map(named.items.map(({ id, name }) => [id, name]))] as const;
    }),
  );
  const rename = (row: Record<string, unknown>) =>
    Object.fromEntries(known.map(([column, names]) => [column, names.get(String(row[column])) ?? row[column]]));
  return { items: items.map((row) => ({ ...row, ...rename(row) })) };
}

interface Codes {
  readonly error?: Task['error'];
  readonly status?: HostFirewallStatus | null;
  readonly state?: FeedState | string;
}

/** Why tasks failed, host firewalls are not enforced and threat sets not refreshed, in the reader's language. */
function inWords(answer: unknown, language: Language): unknown {
  const { items } = (answer ?? {}) as { items?: Codes[] };
  if (items !== undefined) return { items: items.map((item) => inWords(item, language)) };
  if (typeof answer !== 'object' || answer === null) return answer;
  const { error, status, state } = answer as Codes;
  const say = (problem: HostFirewallProblem) => ({ ...problem, message: firewallText(language, problem) });
  return {
    ...answer,
    ...(error && { error: { ...error, message: taskErrorText(language, error) } }),
    ...(typeof state === 'object' && state !== null && 'leftOut' in state && { state: feedInWords(state, language) }),
    ...(status?.problem && { status: { ...status, problem: say(status.problem) } }),
  };
}

function feedInWords(state: FeedState, language: Language): object {
  const { problem, leftOut } = state;
  return {
    ...state,
    ...(problem && { problem: { ...problem, message: feedText(language, problem) } }),
    leftOut: leftOut.map((one) => ({ ...one, message: leftOutText(language, one) })),
  };
}

function show(answer: unknown, command: Command, json: boolean): string {
  if (typeof answer === 'string') return answer.trimEnd();
  if (answer === undefined) return json ? '{}' : '';
  if (json) return JSON.stringify(answer, null, 2);
  const items = (answer as { items?: unknown[] }).items;
  if (items !== undefined && command.columns !== undefined) return table(items, command.columns);
  return facts(answer as object);
}
