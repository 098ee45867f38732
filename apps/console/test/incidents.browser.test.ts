import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';

test('an incident says what belongs together, why, and who did what to whom; all of it is closed at once', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/incidents?state=open`);
  await page.getByRole('row', { name: /High.*Port scan \+1.*aurora-web/ }).waitFor();
  assert.equal(await page.getByRole('row', { name: /Flood/ }).count(), 0);
  await page.getByRole('link', { name: 'Port scan +1' }).click();
  await page.getByRole('heading', { level: 1, name: 'Port scan +1: aurora-web' }).waitFor();
  await page.getByText('As severe as the worst of its alerts: Port scan.').waitFor();
  const alerts = page.getByRole('region', { name: 'Its alerts, and why they are here' });
  await alerts.getByText('The incident began with it.').waitFor();
  await alerts.getByText('It has the VM aurora-web in common with').waitFor();

  const graph = page.getByRole('figure', { name: 'Graph of the incident' });
  const lines = page.getByRole('table', { name: 'Who did what to whom' });
  assert.equal(await lines.getByRole('row').count(), 3);
  await graph.getByRole('button', { name: 'aurora-web' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/sel=/);
  assert.equal(await graph.getByRole('button', { pressed: true }).count(), 1);
  await page.getByRole('button', { name: 'Show all lines' }).click();

  const happened = page.getByRole('table', { name: 'What happened' });
  await happened.getByRole('row', { name: /It began.*Goes on/ }).waitFor();

  await page.getByRole('button', { name: 'Assign' }).click();
  await page.getByRole('dialog').getByLabel('Name of the account').fill('alice');
  await page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click();
  await page.getByText('alice', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Close incident' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Comment', { exact: true }).fill('Cleaned.');
  await dialog.getByRole('button', { name: 'Close incident' }).click();
  await happened
    .getByRole('row', { name: /admin: Cleaned\./ })
    .first()
    .waitFor();
  await page.getByText('0 of 2').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Close incident' }).getAttribute('aria-disabled'), 'true');
});

test('an incident is split and merged by hand, and an alert leads to its incident', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/alerts/${uuid('alert', 3)}`);
  await page.getByRole('link', { name: 'Show the incident' }).click();
  await page.getByRole('heading', { level: 1, name: 'Port scan +1: aurora-web' }).waitFor();
  await page.getByRole('button', { name: 'Split' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: /Goes on to other VMs/ }).check();
  await dialog.getByRole('button', { name: 'Split' }).click();
  await page.getByRole('heading', { level: 1, name: 'Goes on to other VMs: aurora-web' }).waitFor();

  await page.getByRole('button', { name: 'Merge' }).click();
  await dialog.getByLabel('The other incident').selectOption({ label: await label(dialog, /^Port scan/) });
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await page.getByRole('heading', { level: 1, name: 'Port scan +1: aurora-web' }).waitFor();
});

/** The whole name of an option by its beginning. */
const label = async (dialog: ReturnType<import('playwright-core').Page['getByRole']>, beginning: RegExp) => {
  const options = await dialog.getByRole('option').allTextContents();
  return options.find((option) => beginning.test(option)) ?? assert.fail(`no option ${beginning}`);
};
