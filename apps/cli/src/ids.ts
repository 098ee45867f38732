import { api, type Client, type Endpoint } from '@hypervigil/contract';
import type { Operation } from './commands/command.ts';
import { CliError } from './errors.ts';

type AnyCall = (request?: object) => Promise<unknown>;
/** A gateway has a number in place of a name. */
type Named = { id: string; name?: string; num?: number };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const callOf = (client: Client, operation: Operation) => client[operation] as unknown as AnyCall;

/** The id of what has this name. A name that two things share is refused, with their ids. */
export async function idOf(client: Client, list: Operation, name: string): Promise<string> {
  if (UUID.test(name)) return name;
  const isSearched = (api[list] as Endpoint).query !== undefined;
  const asked = isSearched ? { query: { q: name, limit: 1000 } } : undefined;
  const { items } = (await callOf(client, list)(asked)) as { items: Named[] };
  const found = items.filter((item) => (item.name ?? String(item.num)) === name);
  if (found.length === 0) throw new CliError('no-such-name', { name });
  if (found.length > 1) throw new CliError('ambiguous-name', { name, ids: found.map((f) => f.id).join(', ') });
  return found[0]!.id;
}
