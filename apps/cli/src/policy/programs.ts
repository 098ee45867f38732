import {
  documentJsonSchema,
  exportDocument,
  makePlan,
  type PlacedDocument,
  type Plan,
  type PolicyState,
  readDocument,
  writeDocument,
} from '@hypervigil/interchange';
import { connect } from '../connection.ts';
import { CliError } from '../errors.ts';
import type { Messages } from '../messages/index.ts';
import { applyPlan } from './apply.ts';
import { FileMistakes } from './errors.ts';
import { connectionFlags, parseFlags } from './flags.ts';
import { importPolicy, readText } from './import.ts';
import { printPlan, titleOf } from './print.ts';
import { publishPolicy } from './publish.ts';
import { recommendPolicy } from './recommend.ts';
import { readState } from './state.ts';

const PLAN = { file: { type: 'string', short: 'f' }, prune: { type: 'boolean' } } as const;
const APPLY = {
  ...PLAN,
  publish: { type: 'boolean' },
  comment: { type: 'string' },
  'with-others': { type: 'boolean' },
  'draft-revision': { type: 'string' },
} as const;

/** Prints what it does; `print` is for lines that come while it works. */
export type Program = (args: readonly string[], messages: Messages, print: (line: string) => void) => Promise<string>;

/** Commands on policy as files: each is several calls, so they are not in the table of operations. */
export const POLICY_PROGRAMS: Readonly<Record<string, Program>> = {
  'policy export': exportPolicy,
  'policy plan': plan,
  'policy apply': apply,
  'policy import': importPolicy,
  'policy publish': publishPolicy,
  'policy recommend': recommendPolicy,
  'policy schema': async () => JSON.stringify(documentJsonSchema(), null, 2),
};

async function exportPolicy(args: readonly string[]): Promise<string> {
  const { values } = parseFlags(args, {});
  const document = exportDocument(await readState(connect(connectionFlags(values)).client));
  return values.json ? JSON.stringify(document, null, 2) : writeDocument(document).trimEnd();
}

async function plan(args: readonly string[], messages: Messages): Promise<string> {
  const { values } = parseFlags(args, PLAN);
  const document = readDocumentFile(values.file);
  const found = planOf(
    document,
    await readState(connect(connectionFlags(values)).client, named(document)),
    values.prune,
  );
  return values.json ? JSON.stringify(found, null, 2) : printPlan(found, messages.policy);
}

async function apply(args: readonly string[], messages: Messages, print: (line: string) => void): Promise<string> {
  const { values } = parseFlags(args, APPLY);
  const document = readDocumentFile(values.file);
  const { client } = connect(connectionFlags(values));
  const state = await readState(client, named(document));
  const seen = values['draft-revision'];
  if (seen !== undefined && seen !== String(state.draftRevision))
    throw new CliError('draft-moved', { seen, current: state.draftRevision });
  const found = planOf(document, state, values.prune);
  const publication = { comment: values.comment ?? '', withOthers: values['with-others'] === true };
  const changes: object[] = [];
  const published = await applyPlan(
    client,
    found,
    state,
    values.publish ? publication : undefined,
    (change, outcome) => {
      const { kind, action, name } = change;
      changes.push({ kind, action, name, outcome });
      if (!values.json) print(messages.policy.outcomes[outcome](titleOf(change, messages.policy), action));
    },
  );
  if (values.json) return JSON.stringify({ changes, publishedRevision: published ?? null }, null, 2);
  const { noChanges, inDraft, published: isPublished } = messages.policy;
  return [
    ...(changes.length === 0 ? [noChanges] : []),
    published === undefined ? inDraft : isPublished(published),
  ].join('\n');
}

interface DocumentFile {
  readonly name: string;
  readonly placed: PlacedDocument;
}

/** @throws FileMistakes when the file is no document */
function readDocumentFile(file: string | undefined): DocumentFile {
  if (file === undefined) throw new CliError('file-missing');
  const read = readDocument(readText(file));
  if (!read.ok) throw new FileMistakes(file, read.mistakes);
  return { name: file, placed: read.value };
}

/** The address sets that a document defines. */
const named = ({ placed }: DocumentFile): Set<string> =>
  new Set((placed.document.addressSets ?? []).map(({ name }) => name));

/** @throws FileMistakes when the document names what is not there */
function planOf({ name, placed }: DocumentFile, state: PolicyState, prune = false): Plan {
  const made = makePlan(placed, state, { prune });
  if (!made.ok) throw new FileMistakes(name, made.mistakes);
  return made.value;
}
