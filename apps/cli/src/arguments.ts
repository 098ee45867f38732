import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { api, type Endpoint } from '@hypervigil/contract';
import { z } from 'zod';
import type { Command } from './commands/command.ts';
import { CliError } from './errors.ts';

export interface Parsed {
  readonly positional: string[];
  readonly flags: Readonly<Record<string, string>>;
  readonly fields: Record<string, unknown>;
}

/** Flags of hv itself; every other one is a field of the operation. */
const OWN_FLAGS = ['json', 'file', 'url', 'ca', 'lang', 'yes', 'help'] as const;
const SWITCHES = new Set(['json', 'yes', 'help']);

const camel = (flag: string) => flag.replace(/-([a-z])/g, (_, c: string) => c.toUpperCase());
const kebab = (field: string) => field.replace(/MiB|[A-Z]/g, (c) => `-${c.toLowerCase()}`);

type Schemas = Readonly<Record<string, z.ZodType>>;

/** The fields that an operation takes from flags: its query, or its body. */
export function fieldsOf(endpoint: Endpoint): Record<string, z.ZodType> {
  const body = endpoint.body as z.ZodObject | undefined;
  return { ...(endpoint.query?.shape ?? {}), ...(body?.shape ?? {}) } as Record<string, z.ZodType>;
}

/**
 * `--host-id h1 --limit 5 web1` → fields by the operation's schema, hv's own flags, and what is left.
 * A value is read as JSON where the schema does not take the plain text (`--vlan 100`, `--cidrs '["10.0.0.0/8"]'`).
 */
export function parseArguments(command: Command, args: readonly string[]): Parsed {
  const schemas = fieldsOf(api[command.operation]);
  const positional: string[] = [];
  const flags: Record<string, string> = {};
  const fields: Record<string, unknown> = {};
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (!arg.startsWith('--')) {
      positional.push(arg);
      continue;
    }
    const [flag, inline] = split(arg.slice(2));
    const value = inline ?? (SWITCHES.has(flag) ? 'true' : args[++i]);
    if (value === undefined) throw new CliError('flag-needs-value', { flag });
    const field = Object.keys(schemas).find((one) => kebab(one) === flag) ?? camel(flag);
    if ((OWN_FLAGS as readonly string[]).includes(flag) || (flag === 'view' && command.takesView)) flags[flag] = value;
    else if (field in schemas)
      fields[field] = fieldValue(schemas[field]!, value, command.lookups?.[field] !== undefined);
    else if (!takeInner(schemas, field, value, fields) && !takeFile(schemas, field, value, fields))
      throw new CliError('unknown-flag', {
        flag,
        known: [...Object.keys(schemas).map((f) => `--${kebab(f)}`), ...(command.takesView ? ['--view'] : [])].join(
          ' ',
        ),
      });
  }
  if (flags['file'] !== undefined) Object.assign(fields, readDocument(flags['file']));
  return { positional, flags, fields };
}

/** The fields that an object has, or one of several kinds of object may have; none of anything else. */
export function innerFields(schema: z.ZodType): Schemas {
  if (schema instanceof z.ZodObject) return schema.shape as Schemas;
  if (schema instanceof z.ZodDiscriminatedUnion)
    return Object.assign({}, ...(schema.options as z.ZodType[]).map(innerFields)) as Schemas;
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return innerFields(schema.unwrap() as z.ZodType);
  return {};
}

/** `--feed-url U` is the field `url` of the field `feed`. */
function takeInner(schemas: Schemas, flag: string, value: string, fields: Record<string, unknown>): boolean {
  for (const [outer, schema] of Object.entries(schemas)) {
    if (!flag.startsWith(outer)) continue;
    const inner = flag.slice(outer.length).replace(/^[A-Z]/, (letter) => letter.toLowerCase());
    const one = innerFields(schema)[inner];
    if (one === undefined) continue;
    fields[outer] = { ...(fields[outer] as object | undefined), [inner]: fieldValue(one, value, false) };
    return true;
  }
  return false;
}

/** `--entries-file F`: the lines of a file, without comments, are the list `entries`; for a text, the file is the text. */
function takeFile(schemas: Schemas, flag: string, file: string, fields: Record<string, unknown>): boolean {
  const field = flag.replace(/File$/, '');
  const schema = schemas[field];
  if (field === flag || schema === undefined) return false;
  const text = readText(file);
  if (schema.safeParse([]).success)
    fields[field] = text.split('\n').flatMap((line) => line.split('#', 1)[0]!.trim() || []);
  else {
    fields[field] = text;
    if ('fileName' in schemas) fields['fileName'] ??= basename(file);
  }
  return true;
}

function split(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** What a word means to a field: text where it takes text, else JSON. */
export function fieldValue(schema: z.ZodType, text: string, isName: boolean): unknown {
  if (isName && text !== 'null') return text;
  if (schema.safeParse(text).success) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // the platform's answer names the field and what it wants
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new CliError('file-unreadable', { file, reason: (cause as Error).message }, { cause });
  }
}

function readDocument(file: string): object {
  try {
    return JSON.parse(readText(file));
  } catch (cause) {
    throw new CliError('file-unreadable', { file, reason: (cause as Error).message }, { cause });
  }
}
