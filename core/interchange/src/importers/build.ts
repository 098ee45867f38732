import type { Action, Service, Tier } from '@hypervigil/model';
import { parseBlock } from '@hypervigil/policy';
import { API_VERSION, KIND, PolicyDocument } from '../document/schema.ts';

/** Room that the model gives one field; what needs more becomes several rules, or several policies, that say the same. */
const ROOM = { cidrs: 1000, services: 64, rules: 10_000 } as const;

export interface PeerDraft {
  readonly groups?: readonly string[];
  readonly cidrs?: readonly string[];
}

export interface RuleDraft {
  readonly name: string;
  readonly action: Action;
  readonly from?: PeerDraft;
  readonly to?: PeerDraft;
  /** None means every service. */
  readonly services?: readonly Service[];
  readonly enabled?: boolean;
  readonly log?: boolean;
  readonly comment?: string;
}

/** What refuses without a word there is `deny`, what answers is `reject`; what lets through depends on what comes after it. */
export const actionOf = (target: 'ACCEPT' | 'DROP' | 'REJECT', accept: Action): Action =>
  target === 'ACCEPT' ? accept : target === 'REJECT' ? 'reject' : 'deny';

export interface GroupDraft {
  readonly name: string;
  readonly description?: string;
  readonly vms?: readonly string[];
  /** As an expression, or as tags that a VM must all have. */
  readonly selector?: string | Readonly<Record<string, string>>;
}

export interface PolicyDraft {
  readonly name: string;
  readonly description?: string;
  readonly tier: Exclude<Tier, 'tenant'>;
  readonly rules: readonly RuleDraft[];
}

/** A document of what an importer made: valid names, each once, and nothing larger than the model allows. */
export function documentOf(
  groups: readonly GroupDraft[],
  policies: readonly PolicyDraft[],
  { tenant, order }: { readonly tenant: string | null; readonly order: number },
): PolicyDocument {
  const policyName = uniqueNames();
  let next = order;
  return PolicyDocument.parse({
    apiVersion: API_VERSION,
    kind: KIND,
    groups: groups.map(({ description = '', ...group }) => ({ ...group, tenant, description: line(description) })),
    policies: policies.flatMap(({ name, tier, description = '', rules }) => {
      const ruleName = uniqueNames();
      const fitting = rules.flatMap(fit).map((rule) => ({
        ...rule,
        name: ruleName(rule.name),
        comment: line(rule.comment ?? ''),
      }));
      return chunks(fitting, ROOM.rules).map((part) => ({
        name: policyName(name),
        description: line(description),
        tier,
        order: next++,
        rules: part,
      }));
    }),
  });
}

/** A rule in as many as its parts need. A rule that no packet can match is none. */
function fit(rule: RuleDraft): RuleDraft[] {
  const { services = [] } = rule;
  return pieces(rule.from).flatMap((from) =>
    pieces(rule.to).flatMap((to) => {
      const common = families(from).intersection(families(to));
      const possible = services
        .filter(({ protocol }) => common.has(4) || protocol !== 'icmp')
        .filter(({ protocol }) => common.has(6) || protocol !== 'icmpv6');
      if (common.size === 0 || (services.length > 0 && possible.length === 0)) return [];
      return chunks(possible, ROOM.services).map((part) => ({ ...rule, from, to, services: part }));
    }),
  );
}

function families({ groups = [], cidrs = [] }: PeerDraft): Set<4 | 6> {
  if (groups.length > 0 || cidrs.length === 0) return new Set([4, 6]);
  return new Set(cidrs.flatMap((text) => parseBlock(text)?.family ?? []));
}

function pieces({ groups = [], cidrs = [] }: PeerDraft = {}): PeerDraft[] {
  return chunks(cidrs, ROOM.cidrs).map((part, i) => ({ groups: i === 0 ? groups : [], cidrs: part }));
}

/** At least one part, though it be empty. */
function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i === 0 || i < items.length; i += size) parts.push(items.slice(i, i + size));
  return parts;
}

const line = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 500);

/** Makes names of texts: only what a name may hold, and no name twice. */
export function uniqueNames(): (text: string) => string {
  const taken = new Set<string>();
  return (text) => {
    const name = nameOf(text);
    for (let i = 1; ; i++) {
      const one = i === 1 ? name : `${nameOf(name.slice(0, 62 - String(i).length))}-${i}`;
      if (taken.has(one)) continue;
      taken.add(one);
      return one;
    }
  };
}

/** The nearest valid name: letters, digits and `. _ -` with spaces between; at most 63. */
export function nameOf(text: string): string {
  const name = text
    .slice(0, 200)
    .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/\s+/g, ' ')
    .slice(0, 63)
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  return name === '' ? 'unnamed' : name;
}
