import { ApiError, type Client } from '@hypervigil/contract';
import type { KnownAddressSet, PolicyState } from '@hypervigil/interchange';
import { CliError } from '../errors.ts';

/** Somebody who edits without a pause must not keep us reading for ever. */
const ATTEMPTS = 5;

/**
 * The whole draft with everything that it names, all of one moment.
 * @param wanted names of the address sets whose entries are asked for; all of them where nothing is said
 */
export async function readState(client: Client, wanted?: ReadonlySet<string>): Promise<PolicyState> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { draftRevision } = await client.getPolicyStatus();
    const state = {
      draftRevision,
      tenants: await everyPage((query) => client.listTenants({ query })),
      networks: await everyPage((query) => client.listNetworks({ query })),
      vms: await everyPage((query) => client.listVms({ query })),
      groups: await everyPage((query) => client.listGroups({ query })),
      addressSets: await readAddressSets(client, wanted),
      schedules: await everyPage((query) => client.listSchedules({ query })),
      namedServices: await everyPage((query) => client.listNamedServices({ query })),
      gatewayGroups: await everyPage((query) => client.listGatewayGroups({ query })),
      mirrors: await everyPage((query) => client.listMirrors({ query })),
      policies: await everyPage((query) => client.listPolicies({ query })),
      assertions: await everyPage((query) => client.listAssertions({ query })).catch(notForTenants),
      limits: await everyPage((query) => client.listLimits({ query })).catch(notForTenants),
    };
    if ((await client.getPolicyStatus()).draftRevision === draftRevision) return state;
  }
  throw new CliError('draft-busy');
}

async function readAddressSets(client: Client, wanted: ReadonlySet<string> | undefined): Promise<KnownAddressSet[]> {
  const sets: KnownAddressSet[] = [];
  for (const set of await everyPage((query) => client.listAddressSets({ query }))) {
    const isRead = !set.isFed && (wanted?.has(set.name) ?? true);
    sets.push(isRead ? { ...set, lists: await readLists(client, set.id) } : set);
  }
  return sets;
}

async function readLists(client: Client, id: string): Promise<NonNullable<KnownAddressSet['lists']>> {
  const read = (of: 'entries' | 'excluded') =>
    everyPage((query) => client.listAddressSetEntries({ params: { id }, query: { ...query, of, limit: 10_000 } }));
  return { entries: await read('entries'), excluded: await read('excluded') };
}

/** Assertions and limits are the provider's: a tenant's people write policies without them. */
function notForTenants(error: unknown): [] {
  if (error instanceof ApiError && error.status === 403) return [];
  throw error;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

async function everyPage<Item>(
  read: (query: { limit: number; cursor?: string }) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<Item> = await read({ limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}
