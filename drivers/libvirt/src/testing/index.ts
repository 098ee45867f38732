export { qemuDomainXml } from './qemu-domain.ts';
export { type RealDaemon, type RealDaemonOptions, startRealDaemon } from './real-daemon.ts';
export { testNodeXml } from './test-node.ts';
