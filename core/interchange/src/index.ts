export type { FieldChange } from '@hypervigil/policy';
export { canonicalDocument } from './document/canonical.ts';
export { type PlacedDocument, readDocument } from './document/read.ts';
export {
  API_VERSION,
  type DocumentAddressSet,
  type DocumentGatewayGroup,
  type DocumentGroup,
  type DocumentLimit,
  type DocumentPolicy,
  type DocumentRule,
  type DocumentSchedule,
  type DocumentService,
  documentJsonSchema,
  KIND,
  PolicyDocument,
} from './document/schema.ts';
export { writeDocument } from './document/write.ts';
export type { Imported, Importer, ImportOptions, ImportResult, SourceFile } from './importers/importer.ts';
export { IMPORTERS, type Source } from './importers/importers.ts';
export type { ReportEntry } from './importers/report.ts';
export type { DocumentMistake, Place, Read } from './mistake.ts';
export type { RuleChange } from './plan/diff.ts';
export { type Change, makePlan, type Plan, type PlanOptions } from './plan/plan.ts';
export { addressSetBody, assertionBody, gatewayGroupBody, groupBody, limitBody, policyBody } from './plan/resolve.ts';
export { directoryOf, exportDocument, type KnownAddressSet, type PolicyState } from './state.ts';
export { mistakeText, reasonText } from './words/say.ts';
