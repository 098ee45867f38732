import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { Refused } from './fake-platform/errors.ts';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';

const focused = (page: Page, column: string, row: string | RegExp) =>
  page.waitForFunction(
    ([wanted, text]) => {
      const at = document.activeElement?.closest<HTMLElement>('[data-cell]') ?? undefined;
      return at?.dataset['cell'] === wanted && at?.closest('tr')?.textContent?.includes(text!);
    },
    [column, String(row)],
  );
const cell = (page: Page, rule: string, column: string) =>
  page.locator('.hv-row-rule', { hasText: rule }).locator(`[data-cell="${column}"]`);

test('a rule is edited where it stands, without a mouse', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  const draft = () => fake.state.data.draft.find(({ id }) => id === uuid('policy', 1))!.rules;
  const editor = page.getByRole('dialog');
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await cell(page, 'Web to app', 'name').click();
  await page.keyboard.press('ArrowDown');
  await focused(page, 'name', 'App to database');
  await page.waitForURL(/rule=102/);
  await page.keyboard.press('Enter');
  await editor.getByRole('textbox', { name: 'Name' }).fill('Application to database');
  await page.keyboard.press('Enter');
  await editor.waitFor({ state: 'detached' });
  await focused(page, 'name', 'Application to database');
  await page.getByRole('row', { name: /Application to database.*Changed/ }).waitFor();

  for (let n = 0; n < 2; n++) await page.keyboard.press('ArrowRight');
  await focused(page, 'from', 'Application to database');
  await page.keyboard.press('Enter');
  await page.keyboard.type('web-s');
  await editor.getByRole('option', { name: /web-servers/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('nonsense');
  await page.keyboard.press('Enter');
  await editor.getByText('“nonsense” is neither a name in the list nor an address block.').waitFor();
  await editor.getByRole('combobox').fill('192.0.2.0/24');
  await page.keyboard.press('Enter');
  await editor.getByText('192.0.2.0/24', { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await editor.waitFor({ state: 'detached' });
  await focused(page, 'from', 'Application to database');
  const { from } = draft()[2]!;
  assert.deepEqual(from.groupIds, [uuid('group', 2), uuid('group', 1)]);
  assert.deepEqual(from.cidrs, ['192.0.2.0/24']);

  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowRight');
  await focused(page, 'services', 'Application to database');
  await page.keyboard.press('F2');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('tcp/6432,udp/53');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await editor.waitFor({ state: 'detached' });
  assert.deepEqual(draft()[2]?.services, [
    { protocol: 'tcp', ports: ['6432'] },
    { protocol: 'udp', ports: ['53'] },
  ]);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.type('rej');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /Application to database.*Reject/ }).waitFor();
  await editor.waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /Application to database.*Staged/ }).waitFor();
  await editor.waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await editor.waitFor({ state: 'detached' });
  await focused(page, 'mode', 'Application to database');
  assert.equal(draft()[2]?.staged, true);
});

test('what the platform refuses is said at the cell, and nothing is lost', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/policy`);
  const problem = { field: 'changed.0.name', code: 'too-long', params: { maximum: 100 } } as const;
  fake.failing.set('editRules', new Refused('invalid-request', {}, [problem]));
  await cell(page, 'Web to app', 'name').dblclick();
  const editor = page.getByRole('dialog');
  await editor.getByRole('textbox').fill('A name');
  await page.keyboard.press('Enter');
  await editor.getByRole('alert').waitFor();
  fake.failing.clear();
  assert.equal(await editor.getByRole('textbox').inputValue(), 'A name');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /A name/ }).waitFor();
});

test('a rule goes into another policy of its tier and no further; it stays the same rule', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  const { data } = fake.state;
  const [shop] = data.draft;
  data.draft.push({ ...shop!, id: uuid('policy', 9), name: 'shop-b', order: 20, rules: [] });
  await page.goto(`${url}/policy`);
  await page.getByRole('button', { name: 'Move Nobody else to database, 4 of 4' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.getByText('1 of 1 in shop-b', { exact: true }).waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.getByText('Nobody else to database is now 1 of 1 in shop-b.').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Move Nobody else to database, 1 of 1' }).waitFor();
  const rules = (n: number) => data.draft.find(({ id }) => id === uuid('policy', n))!.rules.map(({ id }) => id);
  assert.deepEqual([rules(1).length, rules(9)], [3, [uuid('rule', 4)]]);
});

test('who goes on at once takes nothing along', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy`);
  await cell(page, 'Resolve names', 'name').click();
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await page.getByRole('heading', { level: 1, name: 'Flows' }).waitFor();
  await page.locator('.hv-loading').waitFor({ state: 'detached' });
  await page.locator('tr[data-index]').first().waitFor();
  assert.equal(new URL(page.url()).search, '');
});

test('folds, filters and the rule that is looked at are in the address', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy`);
  await page.getByRole('button', { name: 'Fold name-service' }).click();
  await cell(page, 'Resolve names', 'name').waitFor({ state: 'detached' });
  await page.waitForURL(new RegExp(`fold=${uuid('policy', 2)}`));
  await page.reload();
  await page.getByRole('button', { name: 'Unfold name-service' }).waitFor();
  assert.equal(await cell(page, 'Resolve names', 'name').count(), 0);
  // A link to a rule shows it, whatever is folded.
  await page.goto(`${url}/policy?fold=all&rule=104`);
  await page.locator('tr[aria-current="true"]', { hasText: 'Resolve names' }).waitFor();
  assert.equal(await cell(page, 'Web to app', 'name').count(), 0);

  await page.goto(`${url}/policy?fold=all`);
  await page.getByRole('searchbox', { name: 'Search' }).or(page.getByLabel('Search')).first().fill('databases');
  await page.getByText('2 of 7').waitFor();
  await page.waitForURL(/q=databases/);
  await page.getByRole('button', { name: 'Action filter' }).click();
  await page.getByRole('option', { name: 'Deny' }).click();
  await page.getByText('1 of 7').waitFor();
  await page.waitForURL(/action=deny/);
  await cell(page, 'Nobody else to database', 'name').waitFor();
});
