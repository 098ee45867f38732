import type { Client } from '@hypervigil/contract';
import type { Operation } from './commands.ts';
import { CliError } from './errors.ts';

type AnyCall = (request?: object) => Promise<unknown>;
type Named = { id: string; name: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const callOf = (client: Client, operation: Operation) => client[operation] as unknown as AnyCall;

/** The id of what has this name. A name that two things share is refused, with their ids. */
export async function idOf(client: Client, list: Operation, name: string): Promise<string> {
  if (UUID.test(name)) return name;
  const { items } = (await callOf(client, list)({ query: { q: name, limit: 1000 } })) as { items: Named[] };
  const found = items.filter((item) => item.name === name);
  if (found.length === 0) throw new CliError('no-such-name', { name });
  if (found.length > 1) throw new CliError('ambiguous-name', { name, ids: found.map((f) => f.id).join(', ') });
  return found[0]!.id;
}
