export {
  ACCEPT,
  ct,
  DROP,
  equals,
  field,
  match,
  meta,
  type NftExpression,
  type NftStatement,
  oneOf,
  original,
} from './statement.ts';
export { commandsOf, type NftCommand } from './table.ts';
