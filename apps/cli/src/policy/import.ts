import { readFileSync } from 'node:fs';
import { IMPORTERS, type ReportEntry, reasonText, type Source, writeDocument } from '@hypervigil/interchange';
import { CliError } from '../errors.ts';
import type { Messages } from '../messages/index.ts';
import { FileMistakes } from './errors.ts';
import { parseFlags } from './flags.ts';
import { harmless } from './print.ts';

const FLAGS = { from: { type: 'string' }, tenant: { type: 'string' }, order: { type: 'string' } } as const;

const isSource = (text: string): text is Source => Object.hasOwn(IMPORTERS, text);

/** Another system's rules as a document on standard output; what did not fit, on standard error. */
export async function importPolicy(args: readonly string[], messages: Messages): Promise<string> {
  const { values, positionals } = parseFlags(args, FLAGS, Number.POSITIVE_INFINITY);
  const { from = '', tenant, order = '100' } = values;
  if (!isSource(from)) throw new CliError('unknown-source', { from, known: Object.keys(IMPORTERS).join(', ') });
  if (!/^\d{1,6}$/.test(order)) throw new CliError('wrong-order', { order });
  if (positionals.length === 0) throw new CliError('file-missing');
  const files = positionals.map((name) => ({ name, text: readText(name) }));
  const result = IMPORTERS[from](files, { tenant: tenant ?? null, order: Number(order) });
  if (!result.ok) throw new FileMistakes(result.file, result.mistakes);
  const { document, report } = result.value;
  if (values.json) return JSON.stringify({ document, report }, null, 2);
  console.error(printReport(report, messages));
  return writeDocument(document, messages.policy.importedFrom(from, positionals.join(' '))).trimEnd();
}

export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new CliError('file-unreadable', { file, reason: (cause as Error).message }, { cause });
  }
}

/** What was not mapped exactly, line by line, and the counts. What may have opened something has an exclamation mark. */
function printReport(report: readonly ReportEntry[], { language, policy }: Messages): string {
  const count = (outcome: ReportEntry['outcome']) => report.filter((entry) => entry.outcome === outcome).length;
  const lines = report
    .filter(({ outcome }) => outcome !== 'mapped')
    .map(({ file, line, outcome, reason, source, opens }) => {
      const why = reason === null ? '' : policy.because(reasonText(language, reason));
      return `${harmless(`${opens ? '!' : ' '} ${file}:${line}: ${policy.mapping[outcome]}${why}`)}\n      ${harmless(source)}`;
    });
  const opens = report.filter((entry) => entry.opens).length;
  return [...lines, policy.mappedCount(count('mapped'), count('approximated'), count('not-mapped'), opens)].join('\n');
}
