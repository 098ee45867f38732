import type { Condition } from './condition.ts';

/** A part of an end's owner: a column `src_vm` or so. */
export interface OwnerPart {
  readonly side: 'src' | 'dst';
  readonly part: 'vm' | 'vnic' | 'tenant';
}

/**
 * How an engine says what filters are made of. What is given is SQL that is written in this package; a `?` in what comes back
 * stands for a parameter.
 */
export interface Dialect {
  /** A whole number. */
  readonly integer: string;
  /** One of 64 bits, given as text. */
  readonly unsigned: string;
  /** A number as one of 64 bits, for its bits. */
  readonly wide: (sql: string) => string;
  readonly contains: (text: string) => string;
  readonly startsWith: (text: string) => string;
  /** A list has the text. */
  readonly has: (list: string) => string;
  /** A list has one of some texts, given as one with commas. */
  readonly hasAny: (list: string) => string;
  readonly noneIn: (list: string) => string;
  /** Bits have one of those of a mask, given as text. */
  readonly hasBit: (bits: string) => string;
  /** A value is one of many, given as one text with commas. */
  readonly isAmong: (sql: string, which: 'text' | 'number') => string;
  readonly isOwnedBy: (part: OwnerPart, value: string) => Condition;
  /** An end's address as one value. */
  readonly address: (side: OwnerPart['side']) => string;
  /** In lower case, letter by letter (`foldCase` of the model), of the column or part that holds a name. */
  readonly foldedName: (name: string) => string;
  /** Of the text that holds them, as a list in lower case. */
  readonly applications: (text: string) => string;
  /** What was said last of a flow, where its updates were summed. */
  readonly said: {
    readonly pending: (part: 'verdict' | 'rule_num') => string;
    readonly inspection: (part: 'outcome' | 'id' | 'later') => string;
    readonly recognised: (part: 'application' | 'name' | 'risks') => string;
    readonly blocked: (part: 'blocked_by') => string;
  };
  /** Likewise, as lists. */
  readonly list: Readonly<Record<'pending' | 'gateways' | 'applications' | 'signatures', string>>;
}
