export * from './engine.ts';
export * from './person.ts';
export * from './platform.ts';
export * from './scratch.ts';
export * from './until.ts';
