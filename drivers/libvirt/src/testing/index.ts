export { type RealDaemon, type RealDaemonOptions, startRealDaemon } from './real-daemon.ts';
export { testNodeXml } from './test-node.ts';
