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
    if (error.code === 'FLOWSTORE_TOO_SLOW')
      throw new ApiFailure('flow-query-stopped', { reason: 'time' }, { cause: error });
    if (error.code === 'FLOWSTORE_TOO_LARGE')
      throw new ApiFailure('flow-query-stopped', { reason: 'memory' }, { cause: error });
    throw new ApiFailure('unavailable', {}, { cause: error });
  }
}
