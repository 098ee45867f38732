import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';

test('10,000 VMs: the list, its end, a search, the palette, the map', async () => {
  await using opened = await openConsole({}, { mode: 'vms' });
  const { page, url } = opened;
  await page.goto(`${url}/vms`);
  await page.getByText('10,000 rows').waitFor();
  assert.ok((await page.locator('tbody tr').count()) < 100, 'only what is seen is in the document');
  await page.locator('.hv-table').evaluate((table) => table.scrollTo(0, table.scrollHeight));
  await page.waitForFunction(() => document.querySelector('tr[data-index="9999"]') !== null);

  await page.keyboard.press('/');
  await page.keyboard.type('52:54:00:00:1e:61');
  await page.getByText('1 of 10,000').waitFor();
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('10.10.30.97');
  await page
    .getByRole('option', { name: /10\.10\.30\.97/ })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/vms/${uuid('vm', 0x1e61)}`));

  // Long before it has been read, it is not said that there is no such VM.
  await page.goto(`${url}/vms/${uuid('vm', 9_990)}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.match((await page.getByRole('heading', { level: 1 }).textContent()) ?? '', /-09990$/);

  await page.goto(`${url}/map`);
  await page.getByText('Large clouds are drawn in clusters').waitFor();
  await page.locator('.react-flow__node-cluster').first().getByRole('button', { name: 'Open' }).click();
  await page.locator('.react-flow__node-vm').first().waitFor();
});

test('10,000 flows scroll to their end', async () => {
  await using opened = await openConsole({}, { mode: 'flows' });
  const { page, url } = opened;
  await page.goto(`${url}/flows`);
  await page.getByText('10,000 rows').waitFor();
  const last = () =>
    page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll('tr[data-index]')].map((row) => Number((row as HTMLElement).dataset['index'])),
      ),
    );
  const deadline = Date.now() + 20_000;
  while ((await last()) < 4000) {
    assert.ok(Date.now() < deadline, 'further pages are read while scrolling');
    await page.locator('.hv-table').evaluate((table) => table.scrollTo(0, table.scrollHeight));
    await page.waitForFunction(() => document.querySelectorAll('tbody tr[data-index]').length > 5);
  }
});
