import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
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

test('where addresses outside are is said in the reader’s words, and can be asked for', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/flows?by=src.country&and=src.asn`);
  const top = page.getByRole('region', { name: 'Most traffic' });
  await top.getByRole('button', { name: /Germany · AS64500/ }).click();
  await page.waitForURL(/filter=/);
  assert.equal(new URL(page.url()).searchParams.get('filter'), 'src.country = DE and src.asn = 64500');
  const row = page.locator('tbody tr[data-index="0"]');
  await row.getByText('203.0.113.9').waitFor();
  assert.match((await row.textContent()) ?? '', /203\.0\.113\.9\s*DE/);
  await row.focus();
  await page.keyboard.press('Enter');
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByText('Germany').waitFor();
  await details.getByText('AS64500 Example Carrier').waitFor();
  await page.goto(`${url}/flows?filter=${encodeURIComponent('country = Germany')}`);
  await page.getByRole('alert').getByText('a country in two letters, such as DE').waitFor();
});

test('what is asked is taken along as a file, or as a link whose time stands still', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${url}/flows?filter=${encodeURIComponent('verdict = deny')}`);
  await page.locator('tbody tr[data-index]').first().waitFor();
  const take = page.getByRole('button', { name: 'Export and share' });
  for (const [name, file] of [
    ['Save as CSV', 'flows.csv'],
    ['Save as JSON lines', 'flows.jsonl'],
  ] as const) {
    await take.click();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: new RegExp(name) }).click(),
    ]);
    assert.equal(saved.suggestedFilename(), file);
    const lines = (await readFile((await saved.path())!, 'utf8')).trim().split('\n');
    assert.ok(lines.length > 1 && lines.slice(1).every((line) => line.includes('deny')), file);
  }
  await take.click();
  await page.getByRole('menuitem', { name: /Copy link/ }).click();
  await page.getByText('The link is copied.').waitFor();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(link.searchParams.get('filter'), 'verdict = deny');
  const [from, to] = ['from', 'to'].map((name) => Date.parse(link.searchParams.get(name) ?? ''));
  assert.equal(to! - from!, 3_600_000);
  await page.goto(link.href);
  await page.locator('tbody tr[data-index]').first().waitFor();
});

test('a question is saved under a name with its chips, chosen again, shared and deleted', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(
    `${url}/flows?filter=${encodeURIComponent('port = 5432 or port = 443')}&verdict=allow&by=src.vm&window=900`,
  );
  await page.locator('tbody tr[data-index]').first().waitFor();
  await page.getByRole('button', { name: 'Save or delete a view' }).click();
  await page.getByRole('menuitem', { name: 'Save as a view' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('(port = 5432 or port = 443) and verdict = allow').waitFor();
  await dialog.getByRole('textbox', { name: /^Name/ }).fill('database');
  await dialog.getByLabel('Share with everybody of the provider').check();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByText('View database is saved.').waitFor();

  const choice = page.getByRole('button', { name: /^Saved views:/ });
  await page.goto(`${url}/flows`);
  await choice.click();
  await page.getByRole('option', { name: /^denied.*Shared by lin/ }).waitFor();
  await page.getByRole('option', { name: /^database/ }).click();
  await page.waitForURL(/view=/);
  const asked = new URL(page.url()).searchParams;
  assert.deepEqual(
    ['filter', 'window', 'by'].map((name) => asked.get(name)),
    ['(port = 5432 or port = 443) and verdict = allow', '900', 'src.vm'],
  );
  assert.match(asked.get('columns') ?? '', /^last,verdict,source/);
  await page.getByRole('region', { name: 'Most traffic' }).getByLabel('Order by').selectOption('flows');
  await page.getByRole('button', { name: 'Saved views: database (changed)' }).waitFor();

  await choice.click();
  await page.getByRole('option', { name: /^denied/ }).click();
  await page.getByRole('button', { name: 'Saved views: denied' }).waitFor();
  await page.getByRole('button', { name: 'Save or delete a view' }).click();
  await page.getByRole('menuitem', { name: /anew.*It is lin’s/ }).waitFor();
  await page.keyboard.press('Escape');
  await choice.click();
  await page.getByRole('option', { name: /^database/ }).click();
  await page.getByRole('button', { name: 'Saved views: database', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Save or delete a view' }).click();
  await page.getByRole('menuitem', { name: /Delete the chosen view/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('View database is deleted.').waitFor();
  assert.ok(!page.url().includes('view='));
});

test('what is lost, late or missing on the way of flows is said of each host, gateway and VM', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/flows`);
  await page.getByRole('link', { name: 'Pipeline health' }).click();
  await page.getByRole('row', { name: /loses flows, spool fills up, flows come late.*12,345/ }).waitFor();
  await page.getByRole('row', { name: /edge 1.*Passes connections, tells of none/ }).waitFor();
  await page
    .getByRole('region', { name: 'Running VMs without a flow' })
    .getByRole('link', { name: 'aurora-web' })
    .waitFor();
  await page.getByText('42.9 MiB of 20 GiB').waitFor();
});
