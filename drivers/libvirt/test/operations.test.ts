import { after } from 'node:test';
import { connectLibvirt } from '../src/index.ts';
import { startFakeDaemon } from '../src/testing/fake-daemon.ts';
import { testDefaultAnswers } from '../src/testing/test-default.ts';
import { operationTests } from './operations.ts';

const daemon = await startFakeDaemon(testDefaultAnswers());
after(() => daemon.stop());

operationTests('fake daemon', (driver) => connectLibvirt(daemon.uri(driver)));
