/**
 * Preloaded into each test file's process. A file whose tests are over leaves, also when something keeps its event loop
 * running: the runner would wait for it without end. What kept it is said, so that it can be mended.
 */

import { after } from 'node:test';

const WAIT_MS = 10_000;

// The runner's own process reads this too, and has no tests.
if (process.env['NODE_TEST_CONTEXT'] !== undefined) {
  after(() => {
    setTimeout(() => {
      const left = process.getActiveResourcesInfo().filter((kind) => kind !== 'PipeWrap');
      console.error(`${process.argv[1]}: still open ${WAIT_MS / 1000} s after its tests: ${left.join(', ')}`);
      process.exit();
    }, WAIT_MS).unref();
  });
}
