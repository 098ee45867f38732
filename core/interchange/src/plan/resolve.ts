import { api } from '@hypervigil/contract';
import type { FieldMistake, Group, Rule } from '@hypervigil/model';
import { checkPolicies, type PolicySet } from '@hypervigil/policy';
import type { Directory } from '../directory.ts';
import type { DocumentGroup, DocumentPolicy, PolicyDocument } from '../document/schema.ts';
import type { FileMistake } from '../mistake.ts';
import { type Report, referenceOf, toIds } from '../references.ts';
import { directoryOf, type PolicyState } from '../state.ts';

type GroupBody = Pick<Group, 'name' | 'description' | 'tenantId' | 'vmIds' | 'selector'>;
type PolicyBody = Omit<PolicySet['policies'][number], 'id' | 'rules'> & {
  readonly description: string;
  readonly rules: Omit<Rule, 'id' | 'num'>[];
};

/** A group as the API takes it. */
export const groupBody = (
  group: DocumentGroup,
  directory: Directory,
  report: Report = () => {},
  path = '',
): GroupBody => toIds(api.createGroup.body, group, directory, report, path) as GroupBody;

/** A policy as the API takes it. */
export const policyBody = (
  policy: DocumentPolicy,
  directory: Directory,
  report: Report = () => {},
  path = '',
): PolicyBody => toIds(api.createPolicy.body, policy, directory, report, path) as PolicyBody;

/** Everything that keeps a document from becoming groups and policies of this cloud, by the document's fields. */
export function mistakesIn(document: PolicyDocument, state: PolicyState): (FileMistake | FieldMistake)[] {
  const directory = directoryOf(state);
  const mistakes: FileMistake[] = [];
  const report: Report = (mistake) => mistakes.push(mistake);
  const bodies = document.groups.map((group, i) => groupBody(group, directory, report, `groups.${i}`));
  const groups = bodies.map((body, i) => {
    const [known] = directory.idsOf('group', body.name);
    const id = known ?? standIn(i);
    if (known === undefined) directory.add('group', { id, name: body.name });
    return { ...body, id, num: 1 };
  });
  const policies = document.policies.map((policy, p) => {
    const body = policyBody(policy, directory, report, `policies.${p}`);
    const rules = body.rules.map((rule) => ({ ...rule, id: standIn(p), num: 1 }));
    return { ...body, id: standIn(p), rules };
  });
  if (mistakes.length > 0) return mistakes;
  const written = new Set(groups.map(({ id }) => id));
  const set: PolicySet = {
    policies,
    groups: [...groups, ...state.groups.filter(({ id }) => !written.has(id))],
    tenants: state.tenants,
    addressSets: state.addressSets,
    schedules: state.schedules,
    namedServices: state.namedServices,
  };
  return checkPolicies(set).map((mistake) => ({ ...mistake, field: inDocument(mistake.field) }));
}

/** An id for what has none yet: within one check only. */
const standIn = (n: number) => `ffffffff-ffff-4fff-8fff-${n.toString(16).padStart(12, '0')}`;

const inDocument = (field: string) =>
  field
    .split('.')
    .map((part) => referenceOf(part)?.name ?? part)
    .join('.');
