import type { Client, RuleInput } from '@hypervigil/contract';
import { type Id, printSelector, type Rule, type Schedule, UNLIMITED } from '@hypervigil/model';
import { type CloudPolicy, type CloudState, checkPolicies, cloudGroup, entryMistake } from '@hypervigil/policy';
import { AT, idOf } from '@hypervigil/policy/testing';
import { createRenamer } from './renamer.ts';

/** The policies of a random cloud in the lab, published and enforced. */
export interface Stage {
  /** All that verdicts depend on, as the platform has it. */
  readonly cloud: CloudState;
  /** Takes everything out again. */
  clear(): Promise<void>;
}

/** Addresses and tags of random clouds, as they have to be here so that rules meet packets as often as there. */
const WORDS: Readonly<Record<string, string>> = {
  '10.0.1.0/30': '10.77.0.8/29',
  '10.0.1.3': '10.77.0.13',
  '10.0.1.4/31': '10.77.0.20/30',
  '10.0.1.2-10.0.1.5': '10.77.0.12-10.77.0.21',
  '2001:db8:1::/64': 'fd77::/64',
  '2001:db8:1::2': 'fd77::12',
  '2001:db8:1::1 - 2001:db8:1::3': 'fd77::11 - fd77::13',
  role: 'tier',
};
/** What `idOf` makes; rows that are not made yet, or never, are nobody's. */
const isRandomId = (text: string): boolean => /^0{6}\d\d-0000-4000-8000-\d{12}$/.test(text);

const WEEK: Schedule['windows'] = [
  { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' },
];
const PAST = '2020-01-01';
const FUTURE = '2099-01-01';

/** @param cast who plays the VMs of the random cloud, the first one first */
export async function setStage(
  client: Client,
  random: CloudState,
  cast: readonly string[],
  publish: () => Promise<void>,
): Promise<Stage> {
  const undo: (() => Promise<unknown>)[] = [];
  const clear = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { cloud: await fill(client, random, cast, publish, undo), clear };
  } catch (error) {
    await clear();
    throw error;
  }
}

async function fill(
  client: Client,
  random: CloudState,
  cast: readonly string[],
  publish: () => Promise<void>,
  undo: (() => Promise<unknown>)[],
): Promise<CloudState> {
  const { items: tenants } = await client.listTenants({ query: {} });
  const { items: networks } = await client.listNetworks({ query: {} });
  const { items: vms } = await client.listVms({ query: { limit: 1000 } });
  const { name, rename } = createRenamer(WORDS, isRandomId);
  for (const [n, vm] of cast.entries()) name(idOf('vm', n + 1), vms.find((one) => one.name === vm)!.id);
  // Two may be one.
  for (const n of [1, 2, 3]) name(idOf('tenant', n), tenants[n % tenants.length]!.id);
  for (const n of [1, 2]) name(idOf('network', n), networks[n % networks.length]!.id);

  const makeAll = async <Row extends { readonly id: Id }, Made extends { readonly id: Id }>(
    rows: readonly Row[],
    make: (row: Row, fields: { name: string; description: string }) => Promise<Made>,
    remove: (request: { params: { id: Id } }) => Promise<unknown>,
  ): Promise<Made[]> => {
    const all: Made[] = [];
    for (const row of rows) {
      const made = await make(row, { name: `Random ${row.id.slice(-4)}`, description: '' });
      undo.push(() => remove({ params: { id: made.id } }));
      name(row.id, made.id);
      all.push(made);
    }
    return all;
  };

  for (const [n, { quarantined }] of random.vms.slice(0, cast.length).entries()) {
    if (!quarantined) continue;
    const params = { id: vms.find((one) => one.name === cast[n])!.id };
    await client.quarantineVm({ params, body: { reason: 'Random' } });
    undo.push(() => client.releaseVm({ params, body: { reason: 'Random' } }));
  }
  const addressSets = await makeAll(
    random.addressSets,
    async ({ entries, excluded }, fields) => {
      const readable = (list: readonly string[]) => rename([...list]).filter((entry) => !entryMistake(entry));
      const list = { entries: readable(entries), excluded: readable(excluded) };
      return { ...(await client.createAddressSet({ body: { ...fields, tenantId: null, ...list } })), ...list };
    },
    client.deleteAddressSet,
  );
  // One holds and the other does not, whenever this runs.
  const schedules = await makeAll(
    random.schedules,
    (_, fields) => {
      const endsOn = fields.name.endsWith('1') ? null : PAST;
      return client.createSchedule({ body: { ...fields, zone: 'UTC', windows: WEEK, startsOn: null, endsOn } });
    },
    client.deleteSchedule,
  );
  const namedServices = await makeAll(
    random.namedServices,
    ({ services }, fields) => client.createNamedService({ body: { ...fields, services: [...services] } }),
    client.deleteNamedService,
  );
  const groups = await makeAll(
    random.groups,
    (group, fields) => {
      const { id: _, num: _num, selector, ...parts } = rename(group);
      // A tenant's group names neither another tenant nor another's group.
      const own = parts.tenantId === null ? {} : { tenantIds: [], groupIds: [] };
      return client.createGroup({ body: mutable({ ...fields, ...parts, ...own, selector: printSelector(selector) }) });
    },
    client.deleteGroup,
  );
  // What is published names groups until something else is.
  undo.push(publish);
  const known = { groups, tenants, addressSets, schedules, namedServices, mirrors: [] };
  await makeAll(
    random.policies,
    (policy, fields) => {
      const { id: _, rules, ...rest } = rename(policy);
      const named = { ...rest, id: policy.id, name: fields.name, rules: rules.map(playable) };
      const body = { ...fields, ...rest, rules: acceptable(named, known).map(inputOf) };
      return client.createPolicy({ body });
    },
    client.deletePolicy,
  );
  await publish();
  const { items: policies } = await client.listPolicies({ query: { limit: 1000 } });
  const { items: seen } = await client.listVms({ query: { limit: 1000 } });
  const { items: allGroups } = await client.listGroups({ query: { limit: 1000 } });
  return {
    tenants,
    networks,
    vms: seen.map((vm) => ({ ...vm, quarantined: vm.quarantine !== null })),
    groups: allGroups.map(cloudGroup),
    addressSets,
    schedules,
    namedServices,
    policies,
    limits: [],
  };
}

/** Without what the lab does not have here, and with times that mean the same whenever this runs. */
function playable({ inspect: _, ...rule }: Rule): Rule {
  const { action, expiresAt } = rule;
  const ends = expiresAt === null ? null : Date.parse(expiresAt) <= AT.getTime() ? PAST : FUTURE;
  return {
    ...rule,
    action: action === 'inspect' ? 'allow' : action,
    mirrorId: null,
    // What they drop depends on what else goes on: core/pipeline's tests hold them.
    limits: UNLIMITED,
    expiresAt: ends && `${ends}T00:00:00.000Z`,
  };
}

/** The rules of a policy that the platform takes; random ones name another tenant's things, and mix families. */
function acceptable(
  policy: CloudPolicy & { readonly name: string },
  known: Omit<Parameters<typeof checkPolicies>[0], 'policies'>,
): readonly Rule[] {
  const mistakes = checkPolicies({ ...known, policies: [policy] });
  const bad = new Set(mistakes.map(({ field }) => /^policies\.0\.rules\.(\d+)\./.exec(field)?.[1]));
  return policy.rules.filter((_, n) => !bad.has(String(n)));
}

const inputOf = ({ id: _id, num: _num, ...rule }: Rule): RuleInput => rule;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };
const mutable = <T>(value: T) => value as Mutable<T>;
