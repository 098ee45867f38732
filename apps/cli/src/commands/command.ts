import type { api, Client, Language } from '@hypervigil/contract';

export type Operation = keyof typeof api;

/** One subcommand: the words people type and the operation that it calls. Flags come from the operation's schemas. */
export interface Command {
  readonly words: string;
  readonly operation: Operation;
  /** Where a name given in place of an id is looked up. */
  readonly nameIn?: Operation;
  /** Body fields that name another object, and the list that knows its name. */
  readonly lookups?: Readonly<Record<string, Operation>>;
  /** Body fields that people write shorter than they are. */
  readonly reads?: Readonly<Record<string, (client: Client, text: string) => Promise<unknown>>>;
  /** Fields that words without a flag are for, in this order. */
  readonly positional?: readonly string[];
  /** Whether `--view NAME` asks what a saved view of flows asks, as far as nothing else is said. */
  readonly takesView?: boolean;
  /** What people are shown of an answer, where its items are not it. */
  readonly rows?: (answer: never, language: Language) => object[];
  /** What they are told before it. */
  readonly summary?: (answer: never, language: Language) => string[];
  /** Fields shown as columns (dotted paths); all of them with `--json`. */
  readonly columns?: readonly string[];
}
