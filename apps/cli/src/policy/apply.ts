import { ApiError, type Client } from '@hypervigil/contract';
import {
  addressSetBody,
  assertionBody,
  type Change,
  directoryOf,
  gatewayGroupBody,
  groupBody,
  limitBody,
  type Plan,
  type PolicyState,
  policyBody,
} from '@hypervigil/interchange';
import { CliError } from '../errors.ts';

export interface Publication {
  readonly comment: string;
  /** Publish what others left in the draft too. */
  readonly withOthers: boolean;
}

/** What nothing names goes when its turn comes; all else only when nothing names it any more. */
const AT_ONCE: ReadonlySet<Change['kind']> = new Set(['policy', 'assertion', 'limit']);

/** What became of a change: done, or left because what is published still names it. */
export type Report = (change: Change, outcome: 'done' | 'named') => void;

/**
 * Carries a plan out: policies in the draft, which is published if asked, all else at once. Each change names the revision
 * that the plan saw, and the publication the draft that these changes make: whatever came in between is a conflict.
 * @returns the published revision, or undefined
 */
export async function applyPlan(
  client: Client,
  plan: Plan,
  state: PolicyState,
  publication: Publication | undefined,
  report: Report,
): Promise<number | undefined> {
  if (publication && !publication.withOthers && plan.others.length > 0)
    throw new CliError('draft-of-others', { policies: plan.others.join(', ') });
  const directory = directoryOf(state);
  const rulesOf = new Map(
    state.policies.map(({ id, rules }) => [id, new Map(rules.map((rule) => [rule.name, rule.id]))]),
  );
  const deletions = plan.changes.filter(({ kind, action }) => !AT_ONCE.has(kind) && action === 'delete');
  let draftRevision = plan.draftRevision;

  for (const change of plan.changes) {
    if (deletions.includes(change)) continue;
    const params = { id: change.id! };
    const revision = change.revision!;
    if (change.kind === 'schedule' && change.wanted) {
      const body = change.wanted;
      if (change.action === 'create') directory.add('schedule', await client.createSchedule({ body }));
      else await client.updateSchedule({ params, body: { ...body, revision } });
    } else if (change.kind === 'service' && change.wanted) {
      const body = change.wanted;
      if (change.action === 'create') directory.add('named-service', await client.createNamedService({ body }));
      else await client.updateNamedService({ params, body: { ...body, revision } });
    } else if (change.kind === 'address-set' && change.wanted) {
      const body = addressSetBody(change.wanted, directory);
      if (change.action === 'create') directory.add('address-set', await client.createAddressSet({ body }));
      else await client.updateAddressSet({ params, body: { ...body, revision } });
    } else if (change.kind === 'gateway-group' && change.wanted) {
      const body = gatewayGroupBody(change.wanted, directory);
      if (change.action === 'create') directory.add('gateway-group', await client.createGatewayGroup({ body }));
      else await client.updateGatewayGroup({ params, body: { ...body, revision } });
    } else if (change.kind === 'group' && change.wanted) {
      const body = groupBody(change.wanted, directory);
      if (change.action === 'create') directory.add('group', await client.createGroup({ body }));
      else await client.updateGroup({ params, body: { ...body, revision: change.revision! } });
    } else if (change.kind === 'assertion') {
      const body = change.wanted && assertionBody(change.wanted, directory);
      if (body === null) await client.deleteAssertion({ params });
      else if (change.action === 'create') await client.createAssertion({ body });
      else await client.updateAssertion({ params, body: { ...body, revision } });
    } else if (change.kind === 'limit') {
      const body = change.wanted && limitBody(change.wanted, directory);
      if (body === null) await client.deleteLimit({ params });
      else if (change.action === 'create') await client.createLimit({ body });
      else await client.updateLimit({ params, body: { ...body, revision } });
    } else if (change.kind === 'policy') {
      if (change.wanted) {
        const body = policyBody(change.wanted, directory);
        const known = rulesOf.get(params.id);
        const rules = body.rules.map((rule) => ({ ...rule, ...idOf(known?.get(rule.name)) }));
        if (change.action === 'create') await client.createPolicy({ body: { ...body, rules } });
        else await client.updatePolicy({ params, body: { ...body, rules, revision: change.revision! } });
      } else await client.deletePolicy({ params });
      draftRevision++;
    }
    report(change, 'done');
  }
  const published = publication && (await publish(client, draftRevision, publication.comment));
  // Last, for neither the draft nor what is published may name what goes.
  for (const change of deletions) report(change, await remove(client, change));
  return published;
}

const idOf = (id: string | undefined) => (id === undefined ? {} : { id });

async function publish(client: Client, draftRevision: number, comment: string): Promise<number> {
  const { changes, publishedRevision } = await client.getPolicyStatus();
  if (changes.added + changes.changed + changes.removed === 0) return publishedRevision;
  return (await client.publishPolicy({ body: { draftRevision, comment } })).publishedRevision;
}

/** By a rule of what is published, by an assertion, or by a group that such a rule keeps. */
const NAMED: ReadonlySet<string> = new Set(['named-by-rule', 'named-by-assertion', 'in-use']);

async function remove(client: Client, { kind, id }: Change): Promise<'done' | 'named'> {
  try {
    const params = { id: id! };
    if (kind === 'schedule') await client.deleteSchedule({ params });
    else if (kind === 'service') await client.deleteNamedService({ params });
    else if (kind === 'address-set') await client.deleteAddressSet({ params });
    else if (kind === 'gateway-group') await client.deleteGatewayGroup({ params });
    else await client.deleteGroup({ params });
    return 'done';
  } catch (error) {
    if (error instanceof ApiError && NAMED.has(error.body.code)) return 'named';
    throw error;
  }
}
