export * from './cloud.ts';
export * from './engine.ts';
export * from './person.ts';
export * from './platform.ts';
export * from './refusals.ts';
export * from './scratch.ts';
export * from './until.ts';
