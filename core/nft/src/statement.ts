/** Objects of libnftables-json(5), as far as rulesets are made of them. */
export type NftExpression =
  | string
  | number
  | { readonly meta: { readonly key: MetaKey } }
  | { readonly ct: { readonly key: string; readonly dir?: Direction } }
  | { readonly payload: { readonly protocol: string; readonly field: string } }
  | { readonly prefix: { readonly addr: string; readonly len: number } }
  | { readonly range: readonly [number, number] }
  | { readonly set: readonly NftExpression[] }
  | { readonly '&': readonly [NftExpression, number] };

export type NftStatement =
  | { readonly match: { readonly op: Operator; readonly left: NftExpression; readonly right: NftExpression } }
  | { readonly mangle: { readonly key: NftExpression; readonly value: NftExpression } }
  | { readonly counter: string }
  | { readonly limit: NftLimit }
  | { readonly log: { readonly group: number; readonly snaplen: number; readonly 'queue-threshold': number } }
  | { readonly jump: { readonly target: string } }
  | { readonly goto: { readonly target: string } }
  | { readonly return: null }
  | { readonly queue: { readonly num: number; readonly flags?: 'bypass' } }
  | { readonly reject: { readonly type: 'tcp reset' } }
  | {
      readonly set: {
        readonly op: 'update';
        readonly elem: NftExpression;
        readonly set: string;
        readonly stmt: readonly [{ readonly limit: NftLimit }];
      };
    }
  | { readonly accept: null }
  | { readonly drop: null };

interface NftLimit {
  readonly rate: number;
  readonly per: 'second';
  readonly burst: number;
}

/** Of a connection: as its first packet went that conntrack saw, or the other way. */
export type Direction = 'original' | 'reply';
type MetaKey = 'nfproto' | 'l4proto' | 'protocol' | 'mark' | 'iif' | 'oif' | 'iifname';
type Operator = '==' | '!=' | '<' | 'in';

export const ACCEPT = { accept: null } as const;
export const DROP = { drop: null } as const;

export const match = (op: Operator, left: NftExpression, right: NftExpression): NftStatement => ({
  match: { op, left, right },
});
export const equals = (left: NftExpression, right: NftExpression): NftStatement => match('==', left, right);
export const meta = (key: MetaKey): NftExpression => ({ meta: { key } });
export const ct = (key: string): NftExpression => ({ ct: { key } });
/** Of a connection's one direction, whichever way the packet goes. */
export const directed = (key: string, dir: Direction): NftExpression => ({ ct: { key, dir } });
export const field = (protocol: string, name: string): NftExpression => ({ payload: { protocol, field: name } });
/** One value as itself, several as an anonymous set. */
export const oneOf = (values: readonly NftExpression[]): NftExpression =>
  values.length === 1 ? values[0]! : { set: values };
