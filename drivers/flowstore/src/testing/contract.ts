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

/** What every engine of the flow store must do. Call it from the engine's test file. */
export function flowStoreContract(name: string, makeStore: MakeStore): void {
  describe(`flow store: ${name}`, () => {
    appending(makeStore);
    querying(makeStore);
    filtering(makeStore);
    asking(makeStore);
    counting(makeStore);
    besides(makeStore);
    grouping(makeStore);
    paging(makeStore);
    mapping(makeStore);
    talking(makeStore);
    forgetting(makeStore);
  });
}
