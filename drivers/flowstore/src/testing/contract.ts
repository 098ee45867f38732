import { describe } from 'node:test';
import { appending } from './contract/appending.ts';
import { asking } from './contract/asking.ts';
import { besides } from './contract/besides.ts';
import { counting } from './contract/counting.ts';
import { filtering } from './contract/filtering.ts';
import { forgetting } from './contract/forgetting.ts';
import { grouping } from './contract/grouping.ts';
import type { MakeStore } from './contract/make-store.ts';
import { mapping } from './contract/mapping.ts';
import { paging } from './contract/paging.ts';
import { querying } from './contract/querying.ts';
import { talking } from './contract/talking.ts';

export interface ContractOptions {
  /** Why it cannot be tried here. */
  readonly skip?: string | false;
  /** How many times fewer random cases than as a rule: with an engine to which each question is a statement of its own, they take long. */
  readonly fewer?: number;
}

/** What every engine of the flow store must do. Call it from the engine's test file. */
export function flowStoreContract(name: string, makeStore: MakeStore, options: ContractOptions = {}): void {
  const { skip = false, fewer = 1 } = options;
  describe(`flow store: ${name}`, { skip }, () => {
    appending(makeStore);
    querying(makeStore);
    filtering(makeStore);
    asking(makeStore, fewer);
    counting(makeStore, fewer);
    besides(makeStore);
    grouping(makeStore);
    paging(makeStore);
    mapping(makeStore);
    talking(makeStore);
    forgetting(makeStore);
  });
}
