import { useState } from 'react';
import { sameToken, type Token } from '../../data/rule-tokens.ts';
import { CellPopover } from '../../ui/CellPopover.tsx';
import { TypeAhead, type TypeAheadOption } from '../../ui/TypeAhead.tsx';
import type { CellSave } from './use-cell-save.ts';

export interface TokenOption extends TypeAheadOption {
  readonly token: Token;
}

interface Props {
  readonly label: string;
  readonly cell: CellSave;
  readonly initial: readonly Token[];
  readonly options: readonly TokenOption[];
  readonly nameOf: (token: Token) => string;
  /** What was typed and is no name. */
  readonly read: (text: string) => Token | undefined;
  readonly unread: (text: string) => string;
  readonly onCommit: (tokens: readonly Token[]) => void;
}

const keyOf = ({ kind, id }: Token) => `${kind} ${id}`;

/** Several things of a rule: by name from the list, or as they are written. */
export function TokenEditor({ label, cell, initial, options, nameOf, read, unread, onCommit }: Props) {
  const [tokens, setTokens] = useState(initial);
  const [text, setText] = useState('');
  const [refused, setRefused] = useState<string>();
  const typed = text.trim();
  const problem = refused === undefined ? cell.problem : unread(refused);
  const withTyped = (what: string): readonly Token[] | undefined => {
    const token = what === '' ? undefined : read(what);
    if (token === undefined) return what === '' ? tokens : undefined;
    return tokens.some((one) => sameToken(one, token)) ? tokens : [...tokens, token];
  };
  const commit = () => {
    const all = withTyped(typed);
    if (all === undefined) setRefused(typed);
    else onCommit(all);
  };
  return (
    <CellPopover {...cell} label={label} problem={problem} onCommit={commit}>
      <TypeAhead
        label={label}
        options={options}
        chosen={tokens.map((token) => ({ key: keyOf(token), name: nameOf(token) }))}
        invalid={problem !== undefined}
        text={text}
        onText={(next) => {
          setRefused(undefined);
          setText(next);
        }}
        onChoose={(key) => setTokens([...tokens, options.find((option) => option.key === key)!.token])}
        onRemove={(key) => setTokens(tokens.filter((token) => keyOf(token) !== key))}
        onTyped={(what) => {
          const all = withTyped(what);
          if (all !== undefined) setTokens(all);
          return all !== undefined;
        }}
      />
    </CellPopover>
  );
}
