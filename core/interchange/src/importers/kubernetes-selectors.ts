import { type GroupDraft, uniqueNames } from './build.ts';
import { isReason, type Reason } from './report.ts';

type Json = Readonly<Record<string, unknown>>;

/** The tag of a VM that says in which namespace it would be as a pod; its labels are tags of their own names. */
const NAMESPACE_TAG = 'kubernetes.namespace';
/** Kubernetes gives every namespace its name as a label (KEP-2161). */
const NAME_LABEL = 'kubernetes.io/metadata.name';
/** Alternatives that one selector may come to. */
const MAX_ALTERNATIVES = 64;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Groups of VMs that selectors find: one for each set of tags. */
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
  const labelsOf = (name: string, labels: Json) => ({ ...labels, [NAME_LABEL]: name });
  const isListed = () => [...known.values()].some((labels) => labels !== undefined);

  function group(tags: Readonly<Record<string, string>>): string {
    const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify(sorted);
    const found = groups.get(key);
    if (found) return found.name;
    const name = nameOf(
      sorted.map(([tag, value]) => (tag === NAMESPACE_TAG ? value : `${tag.replace(/^.*\//, '')} ${value}`)).join(' '),
    );
    groups.set(key, { name, selector: Object.fromEntries(sorted), description: 'Pods of Kubernetes' });
    return name;
  }

  function pods(selector: unknown, namespaces: readonly string[] | null): readonly string[] | Reason {
    const labels = alternatives(selector);
    if (isReason(labels)) return labels;
    const isEveryone = labels.some((one) => Object.keys(one).length === 0);
    if (namespaces === null && !isEveryone) return labels.map(group);
    if (namespaces === null && !isListed()) return { code: 'every-namespace', params: {} };
    const within = namespaces ?? [...known.keys()];
    return within.flatMap((name) => labels.map((one) => group({ ...one, [NAMESPACE_TAG]: name })));
  }

  return {
    pods,
    namespaces(selector) {
      const wanted = alternatives(selector);
      if (isReason(wanted)) return wanted;
      if (wanted.some((one) => Object.keys(one).length === 0)) return null;
      const byName = wanted.map((one) => (Object.keys(one).join() === NAME_LABEL ? one[NAME_LABEL]! : undefined));
      if (byName.every((name) => name !== undefined)) return [...new Set(byName)];
      if (!isListed()) return { code: 'namespace-labels', params: {} };
      const fits = (labels: Json) =>
        wanted.some((one) => Object.entries(one).every(([key, value]) => labels[key] === value));
      return [...known].filter(([name, labels]) => fits(labelsOf(name, labels ?? {}))).map(([name]) => name);
    },
    addNamespace(name, labels) {
      known.set(name, labels ?? known.get(name));
    },
    everything: () => [...known.keys()].map((name) => group({ [NAMESPACE_TAG]: name })),
    groups: () => [...groups.values()],
  };
}

/** What a label selector asks for, as alternatives that each ask for labels with one value. */
function alternatives(selector: unknown): Record<string, string>[] | Reason {
  const { matchLabels, matchExpressions } = objectOf(selector);
  let found: Record<string, string>[] = [{}];
  const choose = (key: string, values: readonly string[]) => {
    found = found.flatMap((one) =>
      values.filter((value) => (one[key] ?? value) === value).map((value) => ({ ...one, [key]: value })),
    );
  };
  for (const [key, value] of Object.entries(objectOf(matchLabels))) {
    if (!isTag(key, value)) return { code: 'label-expression', params: { key: key.slice(0, 63) } };
    choose(key, [value]);
  }
  for (const { key, operator, values } of listOf(matchExpressions)) {
    const wanted = Array.isArray(values) ? values : [];
    const usable = operator === 'In' && wanted.every((value) => isTag(textOf(key), value));
    if (!usable || found.length * wanted.length > MAX_ALTERNATIVES)
      return { code: 'label-expression', params: { key: textOf(key).slice(0, 63) } };
    choose(textOf(key), wanted as string[]);
  }
  return found.some((one) => Object.keys(one).length > 40) ? { code: 'label-expression', params: { key: '' } } : found;
}

/** Tags have room for less than labels have; a prefix makes a label's key longer than a tag's may be. */
const isTag = (key: string, value: unknown): value is string =>
  typeof value === 'string' && value.length <= 255 && key.length >= 1 && key.length <= 63 && key !== NAMESPACE_TAG;
