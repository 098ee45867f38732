import type { PolicyDocument } from '../document/schema.ts';
import type { DocumentMistake } from '../mistake.ts';
import type { ReportEntry } from './report.ts';

export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

export interface ImportOptions {
  /** Whose VMs the groups may find; null finds VMs of every tenant. */
  readonly tenant: string | null;
  /** Of the policies within their tier. */
  readonly order: number;
}

/** What a source says in this system's words, and what became of each of its parts. */
export interface Imported {
  readonly document: PolicyDocument;
  readonly report: readonly ReportEntry[];
}

export type ImportResult =
  | { readonly ok: true; readonly value: Imported }
  | { readonly ok: false; readonly file: string; readonly mistakes: readonly DocumentMistake[] };

export type Importer = (files: readonly SourceFile[], options: ImportOptions) => ImportResult;
