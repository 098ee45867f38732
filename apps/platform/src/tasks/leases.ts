import { sql } from 'kysely';

/** How long a task may wait for its engine before it is given up. */
export const QUEUE_SECONDS = 30;
/** An engine says at once that it took a task. One that has not said so by now may never have got it. */
export const TAKE_SECONDS = 30;
/** A running task that its engine does not speak of for this long has failed. */
export const LEASE_SECONDS = 300;

/** On the database's clock, which every platform process counts leases on. */
export const inSeconds = (seconds: number) => sql<Date>`now() + make_interval(secs => ${seconds})`;
