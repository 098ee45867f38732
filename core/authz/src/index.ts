export * from './authorizer.ts';
export * from './errors.ts';
export { POLICIES } from './policies.ts';
export type { Principal, Resource } from './resource.ts';
export { policyMistakes } from './validate.ts';
