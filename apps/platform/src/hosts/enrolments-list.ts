import type { Enrolment } from '@hypervigil/contract';
import type { Database } from '../state/database.ts';
import { contains, type ListInput, type ListOf, listNewest } from '../state/paging.ts';
import { toEnrolment } from './enrolment.ts';

export const listEnrolments = (db: Database, input: ListInput): Promise<ListOf<Enrolment>> =>
  listNewest(
    db
      .selectFrom('enrolments')
      .selectAll()
      .$if(input.q !== undefined, (b) => b.where('host_name', 'ilike', contains(input.q!))),
    input,
    toEnrolment,
  );
