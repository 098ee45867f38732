/** Why something is not as it was, and what the words for it need. */
export interface ReasonParams {
  'built-in': None;
  'never-matches': None;
  'members-unknown': { group: string; tag: string };
  'both-families': { family: string };
  'answers-vms': None;
  'log-elsewhere': None;
  'source-ports': None;
  interface: { name: string };
  'own-address': None;
  'unknown-match': { match: string };
  'unknown-target': { target: string };
  'unknown-group': { name: string };
  'unknown-set': { name: string };
  'unknown-protocol': { protocol: string };
  'negated-protocol': None;
  'no-direction': None;
  'other-table': { table: string };
  'for-hosts': None;
  'link-layer': { protocol: string };
  stateless: None;
  'switched-off': None;
  'one-vnic': { name: string };
  'named-port': { port: string };
  'label-expression': { key: string };
  'namespace-labels': None;
  'every-namespace': None;
  'not-addresses': { what: string };
  'pass-before-more': None;
  'too-many-rules': { maximum: number };
  'unknown-kind': { kind: string };
  unreadable: { what: string };
}
type None = Record<string, never>;
export type ReasonCode = keyof ReasonParams;
export type Reason = { [C in ReasonCode]: { readonly code: C; readonly params: ReasonParams[C] } }[ReasonCode];

/** What became of one thing of the source. */
export interface ReportEntry {
  readonly file: string;
  readonly line: number;
  /** The source's own words, or its name for the thing. */
  readonly source: string;
  /** Says the same, says nearly the same, or was left out. */
  readonly outcome: 'mapped' | 'approximated' | 'not-mapped';
  readonly reason: Reason | null;
  /** Traffic that the source denied may be allowed now. What is left out otherwise only ever denies more. */
  readonly opens: boolean;
}

export interface Reporter {
  /** Everything so far, as it stands in the source. */
  entries(): readonly ReportEntry[];
  mapped(at: At, reason?: Reason): void;
  approximated(at: At, reason: Reason, opens?: boolean): void;
  notMapped(at: At, reason: Reason, opens?: boolean): void;
}

export interface At {
  readonly file: string;
  readonly line: number;
  readonly source: string;
}

export function createReporter(): Reporter {
  // A chain that two others jump to is read twice, and said once.
  const entries = new Map<string, ReportEntry>();
  const add = (outcome: ReportEntry['outcome'], at: At, reason: Reason | null, opens: boolean) => {
    const { file, line, source } = at;
    const entry: ReportEntry = {
      file,
      line,
      source: source.replace(/\s+/g, ' ').trim().slice(0, 300),
      outcome,
      reason,
      opens,
    };
    entries.set(JSON.stringify(entry), entry);
  };
  return {
    entries: () =>
      [...entries.values()].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1)),
    mapped: (at, reason) => add('mapped', at, reason ?? null, false),
    approximated: (at, reason, opens = false) => add('approximated', at, reason, opens),
    notMapped: (at, reason, opens = false) => add('not-mapped', at, reason, opens),
  };
}

export const isReason = (value: unknown): value is Reason =>
  typeof value === 'object' && value !== null && 'code' in value && 'params' in value;
