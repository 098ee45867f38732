export { bytes } from './bytes.ts';
export { type DummyOvs, type DummyPort, startDummyOvs } from './dummy-ovs.ts';
export { answering, hello15, startFakeOpenFlow } from './fake-openflow.ts';
export { type RpcCall, startFakeOvsdb } from './fake-ovsdb.ts';
export { type FakePeer, startFakePeer } from './fake-peer.ts';
