import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConsole } from './support/browser.ts';
import { walkToPublishedPolicy } from './support/journey.ts';

// The same walk on a real cloud: lab/test/console.browser.test.ts.
test('from an empty cloud to a published policy', async () => {
  await using opened = await openConsole({}, { mode: 'empty' });
  await walkToPublishedPolicy(opened.page, opened.url);
  const refused = (text: string) => /status of 400/.test(text); // the VLAN that is too large
  assert.deepEqual(
    opened.complaints.filter((text) => !refused(text)),
    [],
  );
});
