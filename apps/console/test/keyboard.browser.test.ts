import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { openConsole } from './support/browser.ts';

test('g and a letter go to a screen, ? lists the keys, Escape closes and focus comes back', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(url);
  await page.getByRole('heading', { level: 1, name: 'Posture' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  await page.getByRole('heading', { level: 1, name: 'VMs' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  const row = page.locator('tr[data-index="1"]');
  await row.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Details' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' });
  assert.equal(await row.evaluate((element) => element === document.activeElement), true);
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-index') === '2');
});

test('the palette acts', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(url);
  await page.getByRole('heading', { level: 1, name: 'Posture' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('enrol');
  await page.getByRole('option', { name: /Enrol a host/ }).waitFor();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Enrol a host' });
  await dialog.getByLabel('Name of the host').fill('kvm-03');
  await dialog.getByRole('button', { name: 'Make the command' }).click();
  await dialog.getByText('hv engine join').first().waitFor();
  await dialog.getByText('Waiting for kvm-03 to join').waitFor();
});

test('every table can be taken away as CSV', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  for (const path of ['/vms', '/hosts', '/networks', '/tenants', '/groups', '/tasks', '/audit', '/policy']) {
    await page.goto(url + path);
    const link = page.getByLabel('Download CSV');
    await page.locator('tbody tr[data-index]').first().waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const text = await readFile((await file.path())!, 'utf8');
    assert.ok(text.split('\n').length > 2, path);
  }
});
