import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConsole } from './support/browser.ts';

test('flows are asked for by keyboard: what may come next, what is wrong and where, all of it in the address', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/flows`);
  await page.locator('tbody tr[data-index]').first().waitFor();
  await page.keyboard.press('/');
  const box = page.getByRole('combobox', { name: 'Filter', exact: true });
  await box.pressSequentially('verd');
  await page.getByRole('option', { name: /^verdict What was decided/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.equal(await box.inputValue(), 'verdict ');
  await box.pressSequentially('= de');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await box.pressSequentially('and src.vm = aurora-w');
  await page.getByRole('option', { name: 'aurora-web' }).click();
  assert.equal(await box.inputValue(), 'verdict = deny and src.vm = aurora-web ');
  await page.keyboard.press('Enter');
  await page.waitForURL(/filter=verdict/);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('tbody tr[data-index]')].every((row) => row.textContent?.includes('Deny')),
  );

  await box.fill('verdict = denied');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('At character 11').waitFor();
  await box.fill('vm = aurora-wab');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('there is no VM called “aurora-wab”').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.locator('tbody tr[data-index]').first().waitFor();
  assert.ok(!page.url().includes('filter='));
});

test('groups with the most stand beside the histogram, and a click asks for one of them', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/flows?filter=${encodeURIComponent('port = 5432')}`);
  const top = page.getByRole('region', { name: 'Most traffic' });
  await top.getByLabel('Group by').selectOption('src.vm');
  await top.getByLabel('And by').selectOption('verdict');
  await top.getByLabel('Order by').selectOption('flows');
  await top.getByRole('button', { name: /aurora-app · Allow/ }).click();
  const box = page.getByRole('combobox', { name: 'Filter', exact: true });
  await page.waitForURL(/filter=port/);
  await page.waitForFunction(
    () =>
      document.querySelector<HTMLInputElement>('[data-hv-search]')?.value ===
      'port = 5432 and src.vm = aurora-app and verdict = allow',
  );
  // Whoever opens the address sees the same.
  await page.goto(page.url());
  await top.getByRole('button', { name: /aurora-app · Allow/ }).waitFor();
  assert.equal(await box.inputValue(), 'port = 5432 and src.vm = aurora-app and verdict = allow');
  assert.equal(await top.getByRole('button').count(), 1);
});
