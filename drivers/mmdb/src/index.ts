export { type Origin, originIn } from './origin.ts';
export { MmdbError, type Origins, openOrigins } from './origins.ts';
