import { api } from '@hypervigil/contract';
import { allOfTags, PortRange, printSelector, RULE_DEFAULTS, SelectorText, Tags } from '@hypervigil/model';
import { z } from 'zod';
import { type ByName, referenceOf } from '../references.ts';

export const API_VERSION = 'hypervigil/v1';
export const KIND = 'PolicySet';

type GroupBody = z.output<typeof api.createGroup.body>;
type PolicyBody = z.output<typeof api.createPolicy.body>;

export type DocumentSchedule = z.output<typeof api.createSchedule.body>;
export type DocumentService = z.output<typeof api.createNamedService.body>;
export type DocumentAddressSet = ByName<z.output<typeof api.createAddressSet.body>>;
export type DocumentGatewayGroup = ByName<z.output<typeof api.createGatewayGroup.body>>;
export type DocumentLimit = ByName<z.output<typeof api.createLimit.body>>;
export type DocumentAssertion = ByName<z.output<typeof api.createAssertion.body>>;
export type DocumentGroup = ByName<GroupBody>;
export type DocumentRule = ByName<Omit<PolicyBody['rules'][number], 'id'>>;
export type DocumentPolicy = ByName<Omit<PolicyBody, 'rules'>> & { rules: DocumentRule[] };

/** Policies, and what their rules name, as text with names in place of ids. */
export interface PolicyDocument {
  apiVersion: typeof API_VERSION;
  kind: typeof KIND;
  /** Without the section, a document says nothing of schedules: none is deleted. So it is with the others. */
  schedules?: DocumentSchedule[];
  services?: DocumentService[];
  addressSets?: DocumentAddressSet[];
  gatewayGroups?: DocumentGatewayGroup[];
  groups: DocumentGroup[];
  policies: DocumentPolicy[];
  /** What must be true of them. Without the section a document says nothing of assertions. */
  assertions?: DocumentAssertion[];
  /** What vNICs may have at most. */
  limits?: DocumentLimit[];
}

/** What a field is when a document leaves it out. A field that the model gains stands here or has its own default. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  description: '',
  tenant: null,
  vms: [],
  enabled: true,
  rules: [],
  from: {},
  to: {},
  services: [],
  ...RULE_DEFAULTS,
  schedule: null,
  namedServices: [],
};

/** People write `443` where the API takes `'443'`. */
const Port = z.union([PortRange, z.int().min(0).max(65535)]).transform(String);

/** Tags that a VM must all have are a selector as well: documents had nothing else once. */
const Selector = z.union([SelectorText, Tags.transform((tags) => printSelector(allOfTags(tags)))]);

/** Names of VMs are libvirt's, and freer than ours; an id stands where a name is not unique. */
const Reference = z.string().min(1).max(255);

/** The schema of the API in a document's words: names for ids, no ids of rules, defaults, nothing unknown. */
function byName(schema: z.ZodType): z.ZodType {
  if (schema === PortRange) return Port;
  if (schema === SelectorText) return Selector;
  if (schema instanceof z.ZodObject) return z.strictObject(fieldsByName(schema.shape));
  if (schema instanceof z.ZodArray)
    return schema.clone({ ...schema.def, element: byName(schema.element as z.ZodType) });
  if (schema instanceof z.ZodDiscriminatedUnion)
    return z.discriminatedUnion(
      schema.def.discriminator,
      schema.options.map((one) => byName(one as z.ZodType)) as never,
    );
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return schema.clone({ ...schema.def, innerType: byName(schema.def.innerType as z.ZodType) } as never);
  return schema;
}

function fieldsByName(shape: Readonly<Record<string, z.ZodType>>): Record<string, z.ZodType> {
  const fields = Object.entries(shape).flatMap(([key, field]): [string, z.ZodType][] => {
    if (key === 'id') return [];
    const reference = referenceOf(key, field);
    if (reference === undefined) return [[key, withDefault(key, byName(field))]];
    return [[reference.name, withDefault(reference.name, referring(field))]];
  });
  return Object.fromEntries(fields);
}

/** `Id`, `Id.nullable()` or an array of ids, with names in their place. */
function referring(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodArray) return schema.clone({ ...schema.def, element: Reference });
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return schema.clone({ ...schema.def, innerType: referring(schema.def.innerType as z.ZodType) } as never);
  return Reference;
}

const withDefault = (key: string, schema: z.ZodType): z.ZodType =>
  key in DEFAULTS && !(schema instanceof z.ZodDefault) && schema.safeParse(DEFAULTS[key]).success
    ? schema.prefault(DEFAULTS[key])
    : schema;

/** Its name comes first, as everywhere in a document. */
const { name, description, ...hours } = api.createSchedule.body.shape;
export const DocumentSchedule = byName(z.object({ name, description, ...hours })) as z.ZodType<DocumentSchedule>;
export const DocumentService = byName(api.createNamedService.body) as z.ZodType<DocumentService>;
export const DocumentGroup = byName(api.createGroup.body) as z.ZodType<DocumentGroup>;
export const DocumentPolicy = byName(api.createPolicy.body) as z.ZodType<DocumentPolicy>;
export const DocumentAddressSet = byName(api.createAddressSet.body) as z.ZodType<DocumentAddressSet>;
export const DocumentGatewayGroup = byName(api.createGatewayGroup.body) as z.ZodType<DocumentGatewayGroup>;
export const DocumentLimit = byName(api.createLimit.body) as z.ZodType<DocumentLimit>;
export const DocumentAssertion = byName(api.createAssertion.body) as z.ZodType<DocumentAssertion>;

export const PolicyDocument = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal(KIND),
  schedules: z.array(DocumentSchedule).max(10_000).optional(),
  services: z.array(DocumentService).max(10_000).optional(),
  addressSets: z.array(DocumentAddressSet).max(10_000).optional(),
  gatewayGroups: z.array(DocumentGatewayGroup).max(10_000).optional(),
  groups: z.array(DocumentGroup).max(10_000).default([]),
  policies: z.array(DocumentPolicy).max(10_000).default([]),
  assertions: z.array(DocumentAssertion).max(10_000).optional(),
  limits: z.array(DocumentLimit).max(10_000).optional(),
}) as unknown as z.ZodType<PolicyDocument>;

/** The schema for editors (JSON Schema 2020-12). */
export const documentJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(PolicyDocument, { io: 'input', unrepresentable: 'any' }),
  title: 'Hypervigil policy set',
});
