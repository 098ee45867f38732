import { FlowStoreError } from './errors.ts';

const MAX_BATCH_ID = 200;

/** @throws FlowStoreError `FLOWSTORE_BAD_ROW` */
export function requireBatchId(id: string): void {
  if (id.length >= 1 && id.length <= MAX_BATCH_ID) return;
  throw new FlowStoreError('FLOWSTORE_BAD_ROW', `A batch's id has 1 to ${MAX_BATCH_ID} characters.`);
}
