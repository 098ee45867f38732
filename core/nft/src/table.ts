import type { NftStatement } from './statement.ts';

export type NftCommand = { readonly add: object } | { readonly delete: object };

/** What can be asked of one table and what is in it. */
export function commandsOf(table: { readonly family: 'inet' | 'bridge'; readonly name: string }) {
  const inTable = { family: table.family, table: table.name } as const;
  return {
    addTable: { add: { table } } as NftCommand,
    deleteTable: { delete: { table } } as NftCommand,
    addSet: (set: object): NftCommand => ({ add: { set: { ...inTable, ...set } } }),
    addChain: (name: string, hook: object = {}): NftCommand => ({ add: { chain: { ...inTable, name, ...hook } } }),
    addCounter: (name: string, count: object = {}): NftCommand => ({
      add: { counter: { ...inTable, name, ...count } },
    }),
    addRule: (chain: string, expr: readonly NftStatement[]): NftCommand => ({
      add: { rule: { ...inTable, chain, expr } },
    }),
  };
}
