import type { Change, FieldChange, Plan, RuleChange } from '@hypervigil/interchange';
import type { Messages } from '../messages/index.ts';

const SIGN = { create: '+', update: '~', delete: '-', move: '↕' } as const;

/** A plan for people: `+` comes, `~` changes, `-` goes, `↕` moves; with every field that differs. */
export function printPlan(plan: Plan, words: Messages['policy']): string {
  if (plan.changes.length === 0) return [words.noChanges, ...others(plan, words)].join('\n');
  const count = (action: Change['action']) => plan.changes.filter((change) => change.action === action).length;
  return [
    ...plan.changes.flatMap((change) => [...printChange(change, words), '']),
    words.summary(count('create'), count('update'), count('delete')),
    ...others(plan, words),
  ].join('\n');
}

const others = (plan: Plan, words: Messages['policy']) =>
  plan.others.length === 0 ? [] : [words.others(plan.others.map(harmless).join(', '))];

export const titleOf = ({ kind, name }: Pick<Change, 'kind' | 'name'>, words: Messages['policy']): string =>
  `${words.kinds[kind]} ${harmless(name)}`;

function printChange(change: Change, words: Messages['policy']): string[] {
  return [
    `${SIGN[change.action]} ${titleOf(change, words)}`,
    ...change.fields.map((field) => `    ${printField(field)}`),
    ...change.rules.flatMap((rule) => printRule(rule, words)),
  ];
}

function printRule({ action, name, place, from, fields }: RuleChange, words: Messages['policy']): string[] {
  const moved = from === undefined ? '' : ` ${words.moved(from)}`;
  return [
    `    ${SIGN[action]} ${words.rule(place)} ${harmless(name)}${moved}`,
    ...fields.filter(({ field }) => field !== 'name').map((field) => `        ${printField(field)}`),
  ];
}

export function printField({ field, ...change }: FieldChange): string {
  if (!('before' in change)) return `+ ${field}: ${show(change.after)}`;
  if (!('after' in change)) return `- ${field}: ${show(change.before)}`;
  if (isLong(change.before) || isLong(change.after))
    return `~ ${field}: ${showDifference(change.before, change.after)}`;
  return `~ ${field}: ${show(change.before)} → ${show(change.after)}`;
}

/** What does not fit an eye, as the entries of an address set, is told by what comes and goes. */
const SHOWN = 20;
const isLong = (value: unknown): boolean => Array.isArray(value) && value.length > SHOWN;

function showDifference(before: unknown, after: unknown): string {
  const [old, now] = [before, after].map((list) => new Set((list as unknown[]).map(show)));
  const part = (sign: string, some: ReadonlySet<string>) => (some.size === 0 ? [] : [`${sign} ${few([...some])}`]);
  return [...part('+', now!.difference(old!)), ...part('-', old!.difference(now!))].join(' ');
}

const few = (shown: readonly string[]): string =>
  shown.length > SHOWN ? `[${shown.slice(0, SHOWN).join(', ')}, … ${shown.length}]` : `[${shown.join(', ')}]`;

function show(value: unknown): string {
  if (Array.isArray(value)) return few(value.map(show));
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, field]) => `${harmless(key)}: ${show(field)}`)
      .join(', ')} }`;
  if (typeof value !== 'string') return String(value);
  return /^[\p{L}\p{N}.:/_-]+$/u.test(value) ? value : harmless(JSON.stringify(value));
}

/** Names come from others: a control character in one must not move the cursor. */
export const harmless = (text: string): string => text.replace(/\p{Cc}/gu, '�');
