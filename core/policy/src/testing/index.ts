export * from './clouds.ts';
export { idOf, macOf } from './ids.ts';
export * from './limits.ts';
export * from './packets.ts';
export * from './possible.ts';
export * from './runs.ts';
