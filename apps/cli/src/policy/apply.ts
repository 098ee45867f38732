import { ApiError, type Client } from '@hypervigil/contract';
import { type Change, directoryOf, groupBody, type Plan, type PolicyState, policyBody } from '@hypervigil/interchange';
import { CliError } from '../errors.ts';

export interface Publication {
  readonly comment: string;
  /** Publish what others left in the draft too. */
  readonly withOthers: boolean;
}

/** What became of a change: done, or left because what is published still names the group. */
export type Report = (change: Change, outcome: 'done' | 'named') => void;

/**
 * Carries a plan out: groups at once, policies in the draft, which is published if asked. Each change names the revision
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
  const deletions = plan.changes.filter(({ kind, action }) => kind === 'group' && action === 'delete');
  let draftRevision = plan.draftRevision;

  for (const change of plan.changes) {
    if (deletions.includes(change)) continue;
    const params = { id: change.id! };
    if (change.kind === 'group' && change.wanted) {
      const body = groupBody(change.wanted, directory);
      if (change.action === 'create') directory.add('group', await client.createGroup({ body }));
      else await client.updateGroup({ params, body: { ...body, revision: change.revision! } });
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
  // Last, for neither the draft nor what is published may name a group that goes.
  for (const change of deletions) report(change, await deleteGroup(client, change.id!));
  return published;
}

const idOf = (id: string | undefined) => (id === undefined ? {} : { id });

async function publish(client: Client, draftRevision: number, comment: string): Promise<number> {
  const { changes, publishedRevision } = await client.getPolicyStatus();
  if (changes.added + changes.changed + changes.removed === 0) return publishedRevision;
  return (await client.publishPolicy({ body: { draftRevision, comment } })).publishedRevision;
}

/** By a rule of what is published, or by a group that such a rule keeps. */
const NAMED: ReadonlySet<string> = new Set(['named-by-rule', 'in-use']);

async function deleteGroup(client: Client, id: string): Promise<'done' | 'named'> {
  try {
    await client.deleteGroup({ params: { id } });
    return 'done';
  } catch (error) {
    if (error instanceof ApiError && NAMED.has(error.body.code)) return 'named';
    throw error;
  }
}
