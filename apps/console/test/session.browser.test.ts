import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST_PASSWORD } from './fake-platform/handlers.ts';
import { openConsole } from './support/browser.ts';

// Needs an account of its own making: fake platform only.
test('the one-time password opens only the way to a password of one’s own', async () => {
  await using opened = await openConsole({}, { mustChangePassword: true }, false);
  const { page, url } = opened;
  await page.goto(`${url}/vms?q=web`);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The user name or the password is wrong').waitFor();
  await page.getByText(/^req-\d+$/).waitFor();

  await page.getByLabel('Password').fill(FIRST_PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
  // Nobody is asked for what they typed a moment ago.
  assert.equal(await page.getByLabel('Current password').count(), 0);
  await page.getByLabel('New password', { exact: true }).fill('short');
  await page.getByText('At least 12 characters.').waitFor();
  await page.getByLabel('New password', { exact: true }).fill('a long enough one');
  await page.getByLabel('New password again').fill('a long enough one');
  await page.getByRole('button', { name: 'Change password' }).click();

  // The address that was asked for survives the sign-in.
  await page.getByRole('heading', { level: 1, name: 'VMs' }).waitFor();
  assert.match(page.url(), /\/vms\?q=web/);

  await page.getByRole('button', { name: 'Account of admin' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
});

test('theme, contrast, density and language are kept, and the theme is there before the first paint', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(url);
  await page.getByRole('button', { name: 'Account of admin' }).click();
  await page.getByRole('menuitem', { name: 'Dark' }).click();
  await page.getByRole('menuitem', { name: 'High' }).click();
  await page.getByRole('menuitem', { name: 'Compact' }).click();
  await page.getByRole('menuitem', { name: '中文' }).click();
  await page.getByRole('heading', { level: 1, name: '态势' }).waitFor();
  // boot.js alone, without the application, must have set them all.
  await page.route('**/assets/**', (route) => route.abort());
  await page.goto(`${url}/vms`, { waitUntil: 'domcontentloaded' });
  const root = await page.evaluate(() => {
    const { classList, lang, dataset } = document.documentElement;
    const is = (theme: string) => classList.contains(`pf-v6-theme-${theme}`);
    return { dark: is('dark'), high: is('high-contrast'), lang, density: dataset['density'] };
  });
  assert.deepEqual(root, { dark: true, high: true, lang: 'zh-CN', density: 'compact' });
});

test('a session that ends under an open screen leads to the sign-in and back to the screen', async () => {
  await using opened = await openConsole();
  const { page, url, context } = opened;
  await page.goto(`${url}/audit`);
  await page.getByRole('cell', { name: 'Policy published' }).waitFor();
  await context.clearCookies();
  await page.getByRole('button', { name: 'Read again' }).click();
  await page.getByLabel('Password').fill(FIRST_PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('cell', { name: 'Policy published' }).waitFor();
  assert.match(page.url(), /\/audit/);
});

test('people are added with a password that is shown once', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/people`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByLabel('Name').fill('li');
  await page.getByLabel('Duty').selectOption('audit');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'One-time password of li' }).waitFor();
  assert.match(await page.getByRole('textbox', { name: 'One-time password of li' }).inputValue(), /^\S{16,}$/);
  await page.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('row', { name: /li.*Audit administrator/ }).waitFor();
});

test('a tenant’s person is offered what is theirs, and told why not where it is not', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  fake.state.denied = ['host:read', 'network:write'];
  await page.goto(`${url}/vms`);
  await page.getByRole('heading', { level: 1, name: 'VMs' }).waitFor();
  const navigation = page.getByRole('navigation');
  assert.equal(await navigation.getByRole('link', { name: 'Hosts', exact: true }).count(), 0);
  assert.equal(await navigation.getByRole('link', { name: 'Networks' }).count(), 1);
  await page.goto(`${url}/networks`);
  const create = page.getByRole('button', { name: 'Describe a network' });
  await create.hover();
  await page.getByText('This is for the people of the provider.').waitFor();
  assert.equal(await create.getAttribute('aria-disabled'), 'true');
});
