import { after } from 'node:test';
import { startRealDaemon } from '../src/testing/real-daemon.ts';
import { qemuTests } from './qemu.ts';

const daemon = await startRealDaemon();
after(() => daemon.stop());

qemuTests('libvirtd', daemon);
