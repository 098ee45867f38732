export { FeedError } from './errors.ts';
export { isForbiddenAddress } from './forbidden.ts';
export type { Harvest } from './harvest.ts';
export { readFeed } from './read.ts';
