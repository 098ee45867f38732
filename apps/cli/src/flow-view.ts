import type { Client } from '@hypervigil/contract';
import { idOf } from './ids.ts';

/** What a saved view asks, as fields of a question about flows that begins now. Rejects with `no-such-name`. */
export async function viewFields(client: Client, name: string): Promise<Record<string, unknown>> {
  const id = await idOf(client, 'listFlowViews', name);
  const { filter, window, groupBy, thenBy, order } = await client.getFlowView({ params: { id } });
  return {
    ...(filter !== '' && { filter }),
    ...(window !== null && { from: new Date(Date.now() - window * 1000).toISOString() }),
    ...{ groupBy, order },
    ...(thenBy !== null && { thenBy }),
  };
}
