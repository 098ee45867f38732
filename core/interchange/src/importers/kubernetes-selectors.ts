import { printSelector, type Selector, selects } from '@hypervigil/model';
import { type GroupDraft, uniqueNames } from './build.ts';
import { isReason, type Reason } from './report.ts';

type Json = Readonly<Record<string, unknown>>;

/** The tag of a VM that says in which namespace it would be as a pod; its labels are tags of their own names. */
const NAMESPACE_TAG = 'kubernetes.namespace';
/** Kubernetes gives every namespace its name as a label (KEP-2161). */
const NAME_LABEL = 'kubernetes.io/metadata.name';
/** Alternatives that one selector may come to, and tests beside them. */
const MAX_ALTERNATIVES = 64;
const MAX_TESTS = 64;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Groups of VMs that selectors find: one for each that asks for something else. */
export interface Selectors {
  /** The groups of the pods that a selector finds in these namespaces (null is all of them). */
  pods(selector: unknown, namespaces: readonly string[] | null): readonly string[] | Reason;
  /** The namespaces that a selector finds; null is all of them. */
  namespaces(selector: unknown): readonly string[] | null | Reason;
  /** Without labels only its name is known. */
  addNamespace(name: string, labels: Json | undefined): void;
  /** A group of everything in each namespace that is known. */
  everything(): readonly string[];
  groups(): readonly GroupDraft[];
}

export function createSelectors(): Selectors {
  const known = new Map<string, Json | undefined>();
  const groups = new Map<string, GroupDraft>();
  const nameOf = uniqueNames();

  /** A namespace of which only the name is known has no other labels to select it by. */
  const labelsOf = (name: string, labels: Json): Record<string, string> => ({
    ...Object.fromEntries(Object.entries(labels).filter((one): one is [string, string] => typeof one[1] === 'string')),
    [NAME_LABEL]: name,
  });
  const isListed = () => [...known.values()].some((labels) => labels !== undefined);

  function group({ labels, tests }: Alternative): string {
    const sorted = Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    // VMs that are no pods have none of the labels either.
    const pods = tests.length > 0 && !(NAMESPACE_TAG in labels) ? [has(NAMESPACE_TAG)] : [];
    const asked = tests.length === 0 ? sorted : printSelector(allOf([...haves(sorted), ...pods, ...tests]));
    const key = JSON.stringify(asked);
    const found = groups.get(key);
    if (found) return found.name;
    const name = nameOf(
      [
        ...Object.entries(sorted).map(([tag, value]) => (tag === NAMESPACE_TAG ? value : `${lastPart(tag)} ${value}`)),
        ...tests.map((one) => printSelector(one)),
      ].join(' '),
    );
    groups.set(key, { name, selector: asked, description: 'Pods of Kubernetes' });
    return name;
  }

  function pods(selector: unknown, namespaces: readonly string[] | null): readonly string[] | Reason {
    const wanted = alternatives(selector);
    if (isReason(wanted)) return wanted;
    if (namespaces === null && !wanted.some(isEveryone)) return wanted.map(group);
    if (namespaces === null && !isListed()) return { code: 'every-namespace', params: {} };
    const within = namespaces ?? [...known.keys()];
    return within.flatMap((name) =>
      wanted.map(({ labels, tests }) => group({ labels: { ...labels, [NAMESPACE_TAG]: name }, tests })),
    );
  }

  return {
    pods,
    namespaces(selector) {
      const wanted = alternatives(selector);
      if (isReason(wanted)) return wanted;
      if (wanted.some(isEveryone)) return null;
      const byName = wanted.map(({ labels, tests }) =>
        tests.length === 0 && Object.keys(labels).join() === NAME_LABEL ? labels[NAME_LABEL]! : undefined,
      );
      if (byName.every((name) => name !== undefined)) return [...new Set(byName)];
      const isUnknown = known.values().some((labels) => labels === undefined);
      // What is not known to have a label is not known to lack it.
      if (!isListed() || (isUnknown && wanted.some(({ tests }) => tests.length > 0)))
        return { code: 'namespace-labels', params: {} };
      const fits = (labels: Readonly<Record<string, string>>) =>
        wanted.some((one) => selects(allOf([...haves(one.labels), ...one.tests]), labels));
      return [...known].filter(([name, labels]) => fits(labelsOf(name, labels ?? {}))).map(([name]) => name);
    },
    addNamespace(name, labels) {
      known.set(name, labels ?? known.get(name));
    },
    everything: () => [...known.keys()].map((name) => group({ labels: { [NAMESPACE_TAG]: name }, tests: [] })),
    groups: () => [...groups.values()],
  };
}

/** Labels that have to have these values, and what else is asked of labels. */
interface Alternative {
  readonly labels: Readonly<Record<string, string>>;
  readonly tests: readonly Selector[];
}

const isEveryone = ({ labels, tests }: Alternative): boolean => Object.keys(labels).length + tests.length === 0;
const lastPart = (key: string): string => key.replace(/^.*\//, '');
const has = (key: string, value: string | null = null): Selector => ({ op: 'has', key, value });
const haves = (labels: Alternative['labels']): Selector[] =>
  Object.entries(labels).map(([key, value]) => has(key, value));
const not = (of: Selector): Selector => ({ op: 'not', of });
const allOf = (of: readonly Selector[]): Selector => (of.length === 1 ? of[0]! : { op: 'and', of });

/** What a label selector asks for, as alternatives. What it refuses (`NotIn`) it also refuses nobody who lacks the label. */
function alternatives(selector: unknown): Alternative[] | Reason {
  const { matchLabels, matchExpressions } = objectOf(selector);
  let found: Record<string, string>[] = [{}];
  const tests: Selector[] = [];
  const choose = (key: string, values: readonly string[]) => {
    found = found.flatMap((one) =>
      values.filter((value) => (one[key] ?? value) === value).map((value) => ({ ...one, [key]: value })),
    );
  };
  for (const [key, value] of Object.entries(objectOf(matchLabels))) {
    if (!isTag(key, value)) return { code: 'label-expression', params: { key: key.slice(0, 63) } };
    choose(key, [value]);
  }
  for (const { key: asked, operator, values } of listOf(matchExpressions)) {
    const key = textOf(asked);
    const wanted: unknown[] = Array.isArray(values) ? values : [];
    const isUsable = isKey(key) && wanted.every((value) => isTag(key, value));
    const isTooMuch = found.length * wanted.length > MAX_ALTERNATIVES || tests.length + wanted.length > MAX_TESTS;
    if (!isUsable || isTooMuch) return { code: 'label-expression', params: { key: key.slice(0, 63) } };
    if (operator === 'In') choose(key, wanted as string[]);
    else if (operator === 'NotIn') tests.push(...(wanted as string[]).map((value) => not(has(key, value))));
    else if (operator === 'Exists') tests.push(has(key));
    else if (operator === 'DoesNotExist') tests.push(not(has(key)));
    else return { code: 'label-expression', params: { key: key.slice(0, 63) } };
  }
  if (found.some((one) => Object.keys(one).length > 40)) return { code: 'label-expression', params: { key: '' } };
  return found.map((labels) => ({ labels, tests }));
}

/** Tags have room for less than labels have; a prefix makes a label's key longer than a tag's may be. */
const isTag = (key: string, value: unknown): value is string =>
  typeof value === 'string' && value.length <= 255 && isKey(key);
const isKey = (key: string): boolean => key.length >= 1 && key.length <= 63 && key !== NAMESPACE_TAG;
