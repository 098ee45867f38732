import { sql } from 'kysely';
import type { Tx } from '../state/database.ts';
import type { Actor } from '../state/work.ts';

/** That somebody put alerts into an incident by hand. */
export const placedBy = ({ name }: Actor) => ({ placed_by: name, placed_at: sql<Date>`now()` });

/** The alerts of some incidents go over to another; whoever asks for the old ones is led there. */
export async function joinIncidents(
  tx: Tx,
  into: string,
  taken: readonly string[],
  by?: ReturnType<typeof placedBy>,
): Promise<void> {
  await tx
    .updateTable('alerts')
    .set({ incident_id: into, ...by })
    .where('incident_id', 'in', taken)
    .execute();
  await tx
    .updateTable('incidents')
    .set({ merged_into: into })
    .where((e) => e.or([e('id', 'in', taken), e('merged_into', 'in', taken)]))
    .execute();
}
