export type { Call, Calling } from './caller.ts';
export { createTwoHosts, type TwoHosts } from './two-hosts.ts';
