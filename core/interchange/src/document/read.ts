import { mistakesOf } from '@hypervigil/contract';
import type { FieldMistake, Thing } from '@hypervigil/model';
import { type DocumentMistake, type Place, type Read, START } from '../mistake.ts';
import { readYaml } from '../yaml.ts';
import { API_VERSION, KIND, PolicyDocument } from './schema.ts';

/** A document, and where its fields stand: a later check that finds a mistake can say the line. */
export interface PlacedDocument {
  readonly document: PolicyDocument;
  placeOf(field: string): Place;
}

/** Reads a policy document, or says everything that is wrong with it, each with its line. */
export function readDocument(text: string): Read<PlacedDocument> {
  const yaml = readYaml(text);
  if (!yaml.ok) return yaml;
  const [first, second] = yaml.value;
  if (first === undefined || second !== undefined)
    return {
      ok: false,
      mistakes: [{ field: '', code: 'one-document', params: {}, ...(second?.placeOf('') ?? START) }],
    };
  const { apiVersion, kind } = (first.value ?? {}) as Record<string, unknown>;
  if (apiVersion !== API_VERSION || kind !== KIND)
    return { ok: false, mistakes: [notOurs(apiVersion, kind, first.placeOf('apiVersion'))] };

  const parsed = PolicyDocument.safeParse(first.value, { reportInput: true });
  const mistakes = parsed.success ? twice(parsed.data) : mistakesOf(parsed.error);
  if (!parsed.success || mistakes.length > 0)
    return { ok: false, mistakes: mistakes.map((mistake) => ({ ...mistake, ...first.placeOf(mistake.field) })) };
  return { ok: true, value: { document: parsed.data, placeOf: first.placeOf } };
}

function notOurs(apiVersion: unknown, kind: unknown, place: Place): DocumentMistake {
  const shown = (value: unknown) => (typeof value === 'string' ? value.slice(0, 100) : '-');
  return {
    field: 'apiVersion',
    code: 'not-a-policy-set',
    params: { apiVersion: shown(apiVersion), kind: shown(kind) },
    ...place,
  };
}

/** Names are how a document's parts are found again, so none may stand twice. */
function twice(document: PolicyDocument): FieldMistake[] {
  const { schedules = [], services = [], addressSets = [], gatewayGroups = [], groups, policies } = document;
  const { assertions = [], limits = [] } = document;
  return [
    ...repeated(schedules, 'schedules', 'schedule'),
    ...repeated(services, 'services', 'named-service'),
    ...repeated(addressSets, 'addressSets', 'address-set'),
    ...repeated(gatewayGroups, 'gatewayGroups', 'gateway-group'),
    ...repeated(groups, 'groups', 'group'),
    ...repeated(policies, 'policies', 'policy'),
    ...repeated(assertions, 'assertions', 'assertion'),
    ...repeated(limits, 'limits', 'limit'),
    ...policies.flatMap(({ rules }, i) => repeated(rules, `policies.${i}.rules`, 'rule')),
  ];
}

function repeated(rows: readonly { readonly name: string }[], path: string, what: Thing): FieldMistake[] {
  const seen = new Set<string>();
  return rows.flatMap(({ name }, i): FieldMistake[] => {
    if (seen.has(name)) return [{ field: `${path}.${i}.name`, code: 'name-taken', params: { what } }];
    seen.add(name);
    return [];
  });
}
