export {
  ACCEPT,
  ct,
  type Direction,
  DROP,
  directed,
  equals,
  field,
  match,
  meta,
  type NftExpression,
  type NftStatement,
  oneOf,
} from './statement.ts';
export { commandsOf, type NftCommand } from './table.ts';
