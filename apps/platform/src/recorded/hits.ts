import type { RuleHitsList } from '@hypervigil/contract';
import type { FlowStore } from '@hypervigil/flowstore';
import { asking } from '../flows/asking.ts';
import { readDraft } from '../policy/draft.ts';
import { publishedPolicies } from '../policy/published.ts';
import type { Database } from '../state/database.ts';
import { namedRules } from './names.ts';
import { decidedIn, instants, iso, lastDays } from './window.ts';

interface Input {
  readonly days: number;
  readonly policyId?: string | undefined;
}

/** What each rule decided in the last days, in the order of decision; rules that are published and decided nothing too. */
export async function listRuleHits(
  { db, flows }: { readonly db: Database; readonly flows: Pick<FlowStore, 'ruleHits'> },
  { days, policyId }: Input,
): Promise<RuleHitsList> {
  const window = lastDays(days);
  const hits = new Map(
    (await asking(() => flows.ruleHits(decidedIn(window)))).map((one) => [one.ruleNum, one] as const),
  );
  const all = [...(await publishedPolicies(db)), ...(await readDraft(db))];
  const policies = all.filter(({ id }) => policyId === undefined || id === policyId);
  const since = await publishedSince(db);
  const items = Array.from(namedRules(policies).values(), (rule) => {
    const { flows = 0, bytes = 0, packets = 0, lastMs } = hits.get(rule.num) ?? {};
    const [lastAt, publishedAt] = [lastMs, since.get(rule.id)].map((ms) => (ms === undefined ? null : iso(ms)));
    return { rule, flows, bytes, packets, lastAt: lastAt!, publishedAt: publishedAt! };
  });
  return { ...instants(window), items };
}

/** When each rule was published for the first time, in milliseconds since 1970. */
export async function publishedSince(db: Database): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('rules')
    .select(['id', 'published_at'])
    .where('published_at', 'is not', null)
    .execute();
  return new Map(rows.map(({ id, published_at }) => [id, published_at!.getTime()]));
}
