/** Objects of libnftables-json(5), as far as this package makes them. */
export type NftExpression =
  | string
  | number
  | { readonly meta: { readonly key: 'l4proto' | 'protocol' | 'mark' } }
  | { readonly ct: { readonly key: string; readonly dir?: 'original' } }
  | { readonly payload: { readonly protocol: string; readonly field: string } }
  | { readonly prefix: { readonly addr: string; readonly len: number } }
  | { readonly range: readonly [number, number] }
  | { readonly set: readonly NftExpression[] }
  | { readonly '&': readonly [NftExpression, number] };

export type NftStatement =
  | {
      readonly match: {
        readonly op: '==' | '!=' | '<' | 'in';
        readonly left: NftExpression;
        readonly right: NftExpression;
      };
    }
  | { readonly mangle: { readonly key: NftExpression; readonly value: NftExpression } }
  | { readonly counter: string }
  | { readonly limit: { readonly rate: number; readonly per: 'second'; readonly burst: number } }
  | { readonly log: { readonly group: number; readonly snaplen: number; readonly 'queue-threshold': number } }
  | { readonly jump: { readonly target: string } }
  | { readonly goto: { readonly target: string } }
  | { readonly return: null }
  | { readonly accept: null }
  | { readonly drop: null };

export type NftCommand = { readonly add: object } | { readonly delete: object };

/** The one table that a gateway has. */
export const TABLE = { family: 'bridge', name: 'hypervigil' } as const;

export const ACCEPT = { accept: null } as const;
export const DROP = { drop: null } as const;

export const match = (op: '==' | '!=' | '<' | 'in', left: NftExpression, right: NftExpression): NftStatement => ({
  match: { op, left, right },
});
export const equals = (left: NftExpression, right: NftExpression): NftStatement => match('==', left, right);
export const meta = (key: 'l4proto' | 'protocol' | 'mark'): NftExpression => ({ meta: { key } });
/** Of the connection as it was opened, whichever way the packet goes. */
export const original = (key: string): NftExpression => ({ ct: { key, dir: 'original' } });
export const ct = (key: string): NftExpression => ({ ct: { key } });
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
export const addCounter = (name: string): NftCommand => ({ add: { counter: { ...inTable, name } } });
export const addRule = (chain: string, expr: readonly NftStatement[]): NftCommand => ({
  add: { rule: { ...inTable, chain, expr } },
});
