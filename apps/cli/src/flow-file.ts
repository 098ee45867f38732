import { writeFile } from 'node:fs/promises';
import { connect } from './connection.ts';
import { CliError } from './errors.ts';
import { callOf } from './ids.ts';
import type { Messages } from './messages/index.ts';
import { connectionFlags, parseFlags } from './policy/flags.ts';

const FLAGS = { filter: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } } as const;

/** The form of a file is its ending. */
const FORMS = { csv: 'exportFlows', jsonl: 'exportFlowsJson', parquet: 'exportFlowsParquet' } as const;

/** `hv flow save FILE [--filter F] [--from T] [--to T]`: what was asked for as CSV, JSON lines or Parquet. */
export async function saveFlows(args: readonly string[], messages: Messages): Promise<string> {
  const { values, positionals } = parseFlags(args, FLAGS, 1);
  const [file] = positionals;
  if (file === undefined) throw new CliError('flow-file-missing', {});
  const form = file.split('.').at(-1)!;
  if (!Object.hasOwn(FORMS, form)) throw new CliError('unknown-form', { file, known: Object.keys(FORMS).join(', ') });
  const { filter, from, to, json } = values;
  const { client } = connect(connectionFlags(values));
  const query = { filter, from, to };
  const answer = (await callOf(client, FORMS[form as keyof typeof FORMS])({ query })) as string | Uint8Array;
  // Never over a file that is there.
  await writeFile(file, answer, { flag: 'wx', mode: 0o600 }).catch((cause: unknown) => {
    throw new CliError('file-unwritable', { file, reason: (cause as Error).message }, { cause });
  });
  const saved = { file, bytes: Buffer.byteLength(answer) };
  return json ? JSON.stringify(saved, null, 2) : messages.saved(saved);
}
