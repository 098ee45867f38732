import { printSelector, selectorOf, TIERS } from '@hypervigil/model';
import { type AddressRange, compareBlocks, parseBlock, parseRange } from '@hypervigil/policy';
import type {
  DocumentAddressSet,
  DocumentAssertion,
  DocumentGatewayGroup,
  DocumentGroup,
  DocumentLimit,
  DocumentPolicy,
  PolicyDocument,
} from './schema.ts';

/** Lists of which the order means nothing; written in one order, so that a change of order is no change. */
const SETS = new Set(['groups', 'tenants', 'vms', 'networks', 'addressSets', 'namedServices', 'cidrs']);

/** Groups by name, policies in the order of decision, sets of names and addresses sorted; rules stay as they stand. */
export function canonicalDocument(document: PolicyDocument): PolicyDocument {
  return {
    ...document,
    ...(document.schedules && { schedules: [...document.schedules].sort(byName) }),
    ...(document.services && { services: [...document.services].sort(byName) }),
    ...(document.addressSets && { addressSets: document.addressSets.map(canonicalAddressSet).sort(byName) }),
    ...(document.gatewayGroups && { gatewayGroups: document.gatewayGroups.map(canonicalGatewayGroup).sort(byName) }),
    groups: document.groups.map(canonicalGroup).sort(byName),
    policies: document.policies.map(canonicalPolicy).sort(inOrder),
    ...(document.assertions && { assertions: document.assertions.map(canonicalAssertion).sort(byName) }),
    ...(document.limits && { limits: document.limits.map(canonicalLimit).sort(byName) }),
  };
}

export const canonicalGroup = (group: DocumentGroup): DocumentGroup =>
  sorted({ ...group, selector: printSelector(selectorOf(group.selector)) });

export const canonicalAssertion = (assertion: DocumentAssertion): DocumentAssertion => sorted(assertion);

export const canonicalLimit = (limit: DocumentLimit): DocumentLimit => sorted(limit);

/** Without the number that grows with load where there is nothing to grow to. */
export const canonicalGatewayGroup = ({ maxPerHost, ...group }: DocumentGatewayGroup): DocumentGatewayGroup =>
  maxPerHost === undefined || maxPerHost === group.perHost ? group : { ...group, maxPerHost };

export const canonicalAddressSet = (set: DocumentAddressSet): DocumentAddressSet => ({
  ...set,
  entries: sortedEntries(set.entries),
  excluded: sortedEntries(set.excluded),
});

/** By their first address, each once. What is no entry stands behind those that are. */
function sortedEntries(entries: readonly string[]): string[] {
  // There may be 100,000: each is read once.
  const read = [...new Set(entries)].map((text) => ({ text, range: parseRange(text) }));
  return read
    .sort((a, b) => {
      if (typeof a.range === 'string' || typeof b.range === 'string')
        return typeof a.range === typeof b.range ? compareText(a.text, b.text) : typeof a.range === 'string' ? 1 : -1;
      return compareRanges(a.range, b.range) || compareText(a.text, b.text);
    })
    .map(({ text }) => text);
}

const compareRanges = (a: AddressRange, b: AddressRange): number =>
  a.family - b.family || compareBits(a.first, b.first) || compareBits(a.last, b.last);

const compareBits = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

export const canonicalPolicy = (policy: DocumentPolicy): DocumentPolicy => ({
  ...policy,
  rules: policy.rules.map((rule) => sorted(rule)),
});

function inOrder(a: DocumentPolicy, b: DocumentPolicy): number {
  return TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || a.order - b.order || byName(a, b);
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => compareText(a.name, b.name);

/** Sorts every set within a value. */
function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => sorted(item as unknown)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, field]: [string, unknown]) => {
    if (SETS.has(key) && isTexts(field)) return [key, [...new Set(field)].sort(compareNames)];
    return [key, sorted(field)];
  });
  return Object.fromEntries(entries) as T;
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** Addresses in numerical order, all else by code units: the same on every machine. */
function compareNames(a: string, b: string): number {
  const [left, right] = [parseBlock(a), parseBlock(b)];
  return left && right ? compareBlocks(left, right) || compareText(a, b) : compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
