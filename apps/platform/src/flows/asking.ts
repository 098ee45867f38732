import { FlowStoreError } from '@hypervigil/flowstore';
import { ApiFailure, badField } from '../errors.ts';

/** What the store says in its own words, in ours. */
export async function asking<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof FlowStoreError)) throw error;
    if (error.code === 'FLOWSTORE_BAD_FILTER')
      throw badField('address', { code: 'wrong-format', params: { format: 'address-part' } });
    if (error.code === 'FLOWSTORE_BAD_CURSOR') throw badField('cursor', { code: 'not-a-cursor', params: {} });
    throw new ApiFailure('unavailable', {}, { cause: error });
  }
}
