import { type DraftPolicy, type Language, type PolicyRecommendation, recommendationText } from '@hypervigil/contract';
import { MAX_POLICY_ORDER, RULE_DEFAULTS } from '@hypervigil/model';
import { createPolicy, readDraft } from '../policy/draft.ts';
import type { Database } from '../state/database.ts';
import type { Actor } from '../state/work.ts';
import { named } from './rule-names.ts';

const STEP = 10;
const NAME = 60;

/**
 * Recommended rules become a policy of the draft behind the others of its tier. They are staged: every flow says what they
 * would make of it, before a person puts them in force.
 */
export async function applyRecommendation(
  db: Database,
  actor: Actor,
  { subject, tenantId, from, to, days, rules }: PolicyRecommendation,
  language: Language,
): Promise<DraftPolicy> {
  const words = recommendationText(language);
  const draft = await readDraft(db);
  const tier = tenantId === null ? 'platform' : 'tenant';
  const beside = draft.filter((policy) => policy.tier === tier && policy.tenantId === tenantId);
  const last = Math.max(0, ...beside.map(({ order }) => order));
  return createPolicy(db, actor, {
    name: freeName(
      named(words.policy({ subject: subject.name }), NAME),
      beside.map(({ name }) => name),
    ),
    description: words.description({ from: from.slice(0, 10), to: to.slice(0, 10), days }),
    tier,
    tenantId,
    order: Math.min(MAX_POLICY_ORDER, last + STEP),
    enabled: true,
    rules: rules.map(({ name, from, to, services, evidence }) => ({
      ...RULE_DEFAULTS,
      name,
      enabled: true,
      staged: true,
      action: 'allow',
      from,
      to,
      services,
      comment: words.comment({ ...evidence, ofDays: days }),
    })),
  });
}

function freeName(name: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const tried = n === 1 ? name : `${name} ${n}`;
    if (!taken.includes(tried)) return tried;
  }
}
