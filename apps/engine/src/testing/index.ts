export { type FakePlatform, startFakePlatform, TOKEN } from './fake-platform.ts';
export { type LargeHost, largeHost, togglePatch } from './large-host.ts';
export { until } from './until.ts';
