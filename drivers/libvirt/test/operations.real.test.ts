import { after } from 'node:test';
import { connectLibvirt } from '../src/index.ts';
import { startRealDaemon } from '../src/testing/real-daemon.ts';
import { operationTests } from './operations.ts';

const daemon = await startRealDaemon();
after(() => daemon.stop());

operationTests('libvirtd', (driver) => connectLibvirt(daemon.uri(driver)));
