import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';

test('what analysis finds stands at the rule and in a list that leads to it', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 2)}`);
  await page.getByRole('button', { name: 'Findings: 2' }).click();
  await page.getByRole('button', { name: 'Contradictory 1' }).click();
  const findings = page.getByRole('complementary', { name: 'Findings' });
  await findings.getByText('10.10.1.12 → 10.10.1.13 tcp/5432').waitFor();
  assert.equal(await findings.getByText('Without log', { exact: true }).count(), 0);
  await findings.getByRole('link', { name: 'Nobody else to database' }).click();
  await page.locator('tr[aria-current="true"]', { hasText: 'Nobody else to database' }).waitFor();
  await page.keyboard.press('Escape');
  await findings.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '1 finding on Browsers to web' }).focus();
  await page.getByRole('tooltip').getByText('203.0.113.7 → 10.10.1.11 tcp/443').waitFor();
  await page.getByRole('button', { name: 'Actions: Browsers to web' }).click();
  await page.getByRole('menuitem', { name: 'Remove rule' }).click();
  await page.getByRole('button', { name: 'Findings: 1' }).waitFor();
});

test('why: asked from a VM, drawn with the rule that decides, refused at its field, all of it in the address', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/vms/${uuid('vm', 1)}`);
  await page.getByRole('link', { name: 'Who reaches it' }).click();
  const form = page.getByRole('form', { name: 'Reachability' });
  await page.getByText('Some of it gets through').waitFor();
  assert.equal(await form.getByLabel('To', { exact: true }).inputValue(), 'vm:aurora-web');
  const path = page.getByRole('region', { name: 'Path' });
  await path.getByRole('link', { name: 'Browsers to web' }).first().waitFor();
  await page.getByRole('row', { name: /Deny.*Default: deny/ }).click();
  await path.getByText(/does not reach aurora-web/).waitFor();
  await page.waitForURL(/part=1/);
  await form.getByLabel('From', { exact: true }).fill('nobody');
  await form.getByRole('button', { name: 'Ask' }).click();
  await form.locator('.pf-m-error').first().waitFor();
  await page.waitForURL(/from=nobody/);
});

test('matrix: arrow keys move between groups, Enter asks why, a hundred groups stay in sight of their names', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/matrix?of=published`);
  const grid = page.getByRole('grid', { name: /Rows send, columns receive/ });
  await grid.getByRole('columnheader', { name: 'databases' }).waitFor();
  await grid.getByRole('gridcell').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByText('app-servers → databases').waitFor();
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
    'Something gets through: tcp/5432',
  );
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/reach\?from=group%3Aapp-servers&to=group%3Adatabases&of=published/);

  const [group] = fake.state.data.groups;
  fake.state.data.groups = Array.from({ length: 100 }, (_, n) => ({
    ...group!,
    id: uuid('group', n + 1),
    name: `application-tier-${String(n).padStart(3, '0')}`,
  }));
  await page.goto(`${url}/matrix`);
  await grid.getByRole('columnheader', { name: 'application-tier-099' }).waitFor();
  assert.equal(await grid.locator('td').count(), 10_000);
  await grid.locator('td').first().focus();
  await page.keyboard.press('Control+End');
  await page.getByText('application-tier-099 → application-tier-099').waitFor();
  const corner = await grid.locator('thead th').first().boundingBox();
  const frame = await page.locator('.hv-matrix-frame').boundingBox();
  assert.deepEqual([corner?.x, corner?.y], [frame?.x, frame?.y], 'the headers stay');
  await page.getByRole('textbox', { name: 'Groups' }).fill('tier-04');
  await page.waitForFunction(() => document.querySelectorAll('.hv-matrix td').length === 100);
  await page.waitForURL(/q=tier-04/);
});
