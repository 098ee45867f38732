import { commandsOf } from '@hypervigil/nft';

/** The one table that is ours. Whatever else is in the packet filter belongs to others. */
export const TABLE = { family: 'inet', name: 'hypervigil_host' } as const;

export const { addTable, deleteTable, addSet, addChain, addCounter, addRule } = commandsOf(TABLE);
