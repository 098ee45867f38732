import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';

const NAMES = ['Browsers to web', 'Web to app', 'App to database', 'Nobody else to database'];
/** The rules of the policy shop, which are the last. */
const inOrder = (page: Page, order: readonly number[]) =>
  page.waitForFunction(
    (names) => {
      const rows = [...document.querySelectorAll('.hv-row-rule')].slice(-names.length);
      return rows.length === names.length && rows.every((row, n) => row.textContent?.includes(names[n]!));
    },
    order.map((n) => NAMES[n]!),
  );

/** Takes hold of something and moves it over a row, until `line` says where it would go: what is read meanwhile moves the table. */
async function dragOver(page: Page, handle: string, row: RegExp, line: Locator): Promise<void> {
  const deadline = performance.now() + 60_000;
  const shows = () =>
    line.waitFor({ timeout: 2000 }).then(
      () => true,
      () => false,
    );
  for (;;) {
    await page.getByRole('button', { name: handle }).hover();
    await page.mouse.down();
    const over = (await page.getByRole('row', { name: row }).boundingBox())!;
    await page.mouse.move(over.x + 40, over.y + over.height - 4, { steps: 6 });
    if (await shows()) return;
    assert.ok(performance.now() < deadline, `${handle}: no line says where it would go`);
    await page.keyboard.press('Escape');
    await page.mouse.up();
  }
}

test('a rule is dragged to another place, where a line says it would go', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await inOrder(page, [0, 1, 2, 3]);
  const line = page.locator('tr.hv-drop-above', { hasText: 'Nobody else to database' });
  const press = () => dragOver(page, 'Move Browsers to web, 1 of 4', /App to database/, line);
  await press();
  await page.keyboard.press('Escape');
  await page.locator('.hv-drop-above').waitFor({ state: 'detached' });
  await page.mouse.up();
  await inOrder(page, [0, 1, 2, 3]);

  await press();
  await page.mouse.up();
  await page.getByText('Browsers to web is now 3 of 4 in shop.').waitFor({ state: 'attached' });
  await inOrder(page, [1, 2, 0, 3]);
  await page.getByText('0 added, 1 changed, 0 removed').waitFor();
  assert.deepEqual(
    fake.state.data.draft.find(({ id }) => id === uuid('policy', 1))?.rules.map(({ name }) => name),
    [1, 2, 0, 3].map((n) => NAMES[n]),
  );
});

test('a rule is lifted and put down by keyboard', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await inOrder(page, [0, 1, 2, 3]);
  await page.getByRole('button', { name: 'Move Nobody else to database, 4 of 4' }).focus();
  await page.keyboard.press('Space');
  await page.getByText(/Nobody else to database is lifted, at 4 of 4 in shop/).waitFor({ state: 'attached' });
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowUp');
  await page.locator('tr.hv-drop-above', { hasText: 'Browsers to web' }).waitFor();
  await page.keyboard.press('Space');
  await inOrder(page, [3, 0, 1, 2]);
  await page.waitForFunction(
    () => document.activeElement?.getAttribute('aria-label') === 'Move Nobody else to database, 1 of 4',
  );
});

test('the order of rules can be changed from a menu, and a draft thrown away', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await page.getByRole('button', { name: 'Actions: Web to app' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Move up' }).press('Enter');
  await page.getByText('0 added, 1 changed, 0 removed').waitFor();
  await inOrder(page, [1, 0, 2, 3]);
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard draft' }).click();
  await page.getByText('No changes: the draft is what is published').waitFor();
  await inOrder(page, [0, 1, 2, 3]);
});

test('a policy is dragged past another with its rules, and lifted back by keyboard; a menu does the same', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  const { data } = fake.state;
  const shop = data.draft.find(({ id }) => id === uuid('policy', 1))!;
  const office = { ...shop, id: uuid('policy', 3), name: 'office', order: 20, rules: [], change: 'none' as const };
  data.draft.push(office);
  const policies = (names: readonly string[]) =>
    page.waitForFunction((wanted) => {
      const rows = [...document.querySelectorAll('.hv-row-policy .hv-policy-name')].map((name) => name.textContent);
      return rows.join() === wanted;
    }, names.join());
  await page.goto(`${url}/policy`);
  await policies(['name-service', 'shop', 'office']);
  await inOrder(page, [0, 1, 2, 3]);

  // Not between rules: the line waits at the head of the next policy, and then behind it.
  await dragOver(page, 'Move shop, 1 of 2', /office/, page.locator('.hv-drop-above, .hv-drop-below'));
  await page.mouse.up();
  await page.getByText('shop is now 2 of 2 in Tenant.').waitFor({ state: 'attached' });
  await policies(['name-service', 'office', 'shop']);
  await inOrder(page, [0, 1, 2, 3]);
  const orderOf = (id: string) => data.draft.find((one) => one.id === id)!.order;
  assert.ok(orderOf(office.id) < orderOf(shop.id));

  await page.getByRole('button', { name: 'Move shop, 2 of 2' }).focus();
  await page.keyboard.press('Space');
  await page.getByText(/shop is lifted, at 2 of 2 in Tenant/).waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowUp');
  await page.locator('tr.hv-drop-above', { hasText: 'office' }).waitFor();
  await page.keyboard.press('Space');
  await policies(['name-service', 'shop', 'office']);
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Move shop, 1 of 2');

  await page.getByRole('button', { name: 'Actions: office' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Move up' }).press('Enter');
  await policies(['name-service', 'office', 'shop']);
});
