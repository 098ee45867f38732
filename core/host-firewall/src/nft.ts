/** Objects of libnftables-json(5), as far as this package makes and reads them. */
export type NftExpression =
  | string
  | number
  | { readonly meta: { readonly key: 'nfproto' | 'l4proto' | 'iif' | 'oif' } }
  | { readonly ct: { readonly key: 'direction' } }
  | { readonly payload: { readonly protocol: string; readonly field: string } }
  | { readonly prefix: { readonly addr: string; readonly len: number } }
  | { readonly range: readonly [number, number] }
  | { readonly set: readonly NftExpression[] };

export type NftStatement =
  | { readonly match: { readonly op: '=='; readonly left: NftExpression; readonly right: NftExpression } }
  | { readonly counter: string }
  | { readonly goto: { readonly target: string } }
  | { readonly accept: null }
  | { readonly drop: null };

export type NftCommand = { readonly add: object } | { readonly delete: object };

/** The one table that is ours. Whatever else is in the packet filter belongs to others. */
export const TABLE = { family: 'inet', name: 'hypervigil_host' } as const;

export const ACCEPT = { accept: null } as const;
export const DROP = { drop: null } as const;

export const equals = (left: NftExpression, right: NftExpression): NftStatement => ({
  match: { op: '==', left, right },
});
export const meta = (key: 'nfproto' | 'l4proto' | 'iif' | 'oif'): NftExpression => ({ meta: { key } });
export const field = (protocol: string, name: string): NftExpression => ({ payload: { protocol, field: name } });
/** One value as itself, several as an anonymous set. */
export const oneOf = (values: readonly NftExpression[]): NftExpression =>
  values.length === 1 ? values[0]! : { set: values };

const inTable = { family: TABLE.family, table: TABLE.name } as const;

export const addTable: NftCommand = { add: { table: TABLE } };
export const deleteTable: NftCommand = { delete: { table: TABLE } };
export const addSet = (set: object): NftCommand => ({ add: { set: { ...inTable, ...set } } });
export const addChain = (name: string, hook: object = {}): NftCommand => ({
  add: { chain: { ...inTable, name, ...hook } },
});
export const addCounter = (name: string, count: { readonly packets: number; readonly bytes: number }): NftCommand => ({
  add: { counter: { ...inTable, name, ...count } },
});
export const addRule = (chain: string, expr: readonly NftStatement[]): NftCommand => ({
  add: { rule: { ...inTable, chain, expr } },
});
