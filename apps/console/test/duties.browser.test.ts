import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '@hypervigil/authz';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';

const MEMBER: Principal = {
  ...{ id: uuid('user', 1), duty: 'tenant-member', tenantId: uuid('tenant', 1) },
  ...{ scope: { groupIds: [], networkIds: [] }, disabled: false },
};

test('what one may see nothing of is not in the navigation, and its address says why', async () => {
  await using opened = await openConsole({}, { person: MEMBER });
  const { page, url, fake } = opened;
  await page.goto(`${url}/hosts`);
  await page.getByRole('heading', { level: 1, name: 'Not part of your duty' }).waitFor();
  await page.getByText('This is for the people of the provider.').waitFor();
  const entries = await page.getByRole('navigation').getByRole('link').allTextContents();
  for (const hidden of ['Hosts', 'Audit', 'Reachability', 'People']) assert.ok(!entries.includes(hidden), hidden);
  assert.ok(entries.includes('VMs') && entries.includes('Rules'), entries.join());
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('host');
  assert.equal(await page.getByRole('option', { name: 'Hosts' }).count(), 0);
  assert.deepEqual(fake.state.governor?.refused, []);
});
