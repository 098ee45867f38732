import { type EmbeddedOptions, startPostgres } from '../index.ts';

/** Starts a server and prints its process id: a process for a test to kill. */
const postgres = await startPostgres(JSON.parse(process.argv[2]!) as EmbeddedOptions);
console.log(postgres.pid());
