export { type DummyOvs, type DummyPort, startDummyOvs } from './dummy-ovs.ts';
