import { commandsOf } from '@hypervigil/nft';

/** The one table that a gateway has. */
export const TABLE = { family: 'bridge', name: 'hypervigil' } as const;

export const { addTable, deleteTable, addSet, addChain, addCounter, addRule } = commandsOf(TABLE);
