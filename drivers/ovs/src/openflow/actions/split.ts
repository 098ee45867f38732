import { badAction } from './action.ts';

/** One action of a list, or one argument of an action: `name`, `name(argument)`, `name:argument`, `name[bits]=argument`. */
export interface Piece {
  readonly name: string;
  /** Undefined when there is none; empty for `name()`. */
  readonly argument: string | undefined;
  readonly text: string;
}

/** Splits at the commas outside of parentheses (ovs-actions(7), Syntax). Throws `bad-value` when they do not pair. */
export function splitPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let depth = 0;
  let start = 0;
  const cut = (end: number): void => {
    const piece = text.slice(start, end).trim();
    if (piece !== '') pieces.push(toPiece(piece));
    start = end + 1;
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '(') depth++;
    else if (char === ')' && --depth < 0) throw badAction(text, 'a parenthesis closes that was not opened');
    else if (depth === 0 && (char === ',' || char === ' ')) cut(i);
  }
  if (depth !== 0) throw badAction(text, 'a parenthesis is not closed');
  cut(text.length);
  return pieces;
}

function toPiece(text: string): Piece {
  const [, name = text, mark, rest = ''] = /^([A-Za-z0-9_]*(?:\[[\d.]*\])?)([(:=]?)(.*)$/s.exec(text) ?? [];
  if (mark === '') {
    if (rest !== '') throw badAction(text, 'it is not written as name, name:argument or name(argument)');
    return { name, argument: undefined, text };
  }
  if (mark !== '(') return { name, argument: rest, text };
  if (!rest.endsWith(')')) throw badAction(text, 'something follows its closing parenthesis');
  return { name, argument: rest.slice(0, -1), text };
}

/** The arguments of an action by name. */
export function argumentsOf(argument: string | undefined): Map<string, string | undefined> {
  return new Map(splitPieces(argument ?? '').map((piece) => [piece.name, piece.argument]));
}
