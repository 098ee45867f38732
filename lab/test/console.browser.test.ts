import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, openBrowser } from '@hypervigil/console/testing/browser.ts';
import { walkToPublishedPolicy } from '@hypervigil/console/testing/journey.ts';
import { hostOf, type Lab, locateLab, virsh } from '../src/index.ts';
import { httpStatus } from '../src/tools.ts';
import { waitFor } from '../src/wait.ts';
import { type ScratchCloud, scratchCloud } from './support/protected-cloud.ts';
import { discard } from './support/scratch-lab.ts';

// What a newcomer does after `hv up`, in a browser, on the real cloud: every screen's data comes from real guests.
let cloud: ScratchCloud;
let lab: Lab;
let browser: Browser;
let url: string;
let password: string;

before(async () => {
  cloud = await scratchCloud('w');
  const result = await cloud.up();
  url = result.url;
  password = result.password!;
  lab = locateLab({ id: cloud.where.id });
  browser = await openBrowser();
  browser.page.setDefaultTimeout(60_000);
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await discard(cloud.where);
});

const row = (name: RegExp) => browser.page.getByRole('row', { name });

test('the one-time password leads to a password of one’s own, once', async () => {
  const { page } = browser;
  await page.goto(url);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
  await page.getByLabel('New password', { exact: true }).fill('correct horse battery');
  await page.getByLabel('New password again').fill('correct horse battery');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', { level: 1, name: 'Posture' }).waitFor();
  const again = await browser.context.request.post(`${url}/api/v1/session`, { data: { username: 'admin', password } });
  assert.equal(again.status(), 401);
});

test('the overview says that every vNIC is enforced and nothing needs attention', async () => {
  const { page } = browser;
  await page.goto(url);
  await page.getByText('5 of 5 vNICs enforced').waitFor();
  await page.getByText('Nothing needs your attention').waitFor();
});

test('a VM that virsh stops and starts changes on the open screen', async () => {
  await browser.page.goto(`${url}/vms`);
  await row(/cache1.*Running/).waitFor();
  const host = await hostOf(lab, 'cache1');
  await virsh(lab, host, ['destroy', 'cache1']);
  await row(/cache1.*Off/).waitFor();
  await virsh(lab, host, ['start', 'cache1']);
  await row(/cache1.*Running.*Enforced/).waitFor();
});

test('the map shows the five guests and their traffic, the table under it the rule that let it', async () => {
  const { page } = browser;
  await page.goto(`${url}/map`);
  for (const name of ['web1', 'app1', 'db1', 'shop1', 'cache1'])
    await page.locator('.react-flow__node', { hasText: name }).first().waitFor();
  await page.locator('.react-flow__edge').first().waitFor();
  await row(/app1.*db1.*5432.*Application calls the database/)
    .first()
    .waitFor();
  await page.locator('.react-flow__node', { hasText: 'shop1' }).last().click();
  await page.waitForURL(/sel=/);
  await row(/shop1.*db1.*Tenant isolation/i)
    .first()
    .waitFor();
});

test('a rule written in the console is watched first, then stops real traffic on every host, and its flows name it', async () => {
  const { page } = browser;
  const asks = () => httpStatus(lab, 'web1', '10.77.0.12', 8080);
  await waitFor('web1 is answered', async () => (await asks()) !== undefined, { timeoutMs: 60_000 });
  await page.goto(`${url}/policy`);
  await page.getByRole('button', { name: 'Add rule to Provider baseline' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Stop the application');
  await dialog.getByRole('group', { name: 'To' }).getByLabel('Security groups').fill('acme app');
  await dialog.getByLabel('Services', { exact: true }).fill('tcp/8080');
  await dialog.getByLabel('Deny').check();
  await dialog.getByLabel('Staged').check();
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  const publish = async () => {
    await page.getByRole('button', { name: 'Publish policy' }).click();
    await dialog.getByRole('button', { name: 'Publish policy' }).click();
    await page.getByText('No changes: the draft is what is published').waitFor();
    await page.getByText('Enforced on 2 of 2 hosts').waitFor();
  };
  await publish();
  assert.ok((await asks()) !== undefined, 'a staged rule denies nothing');
  const act = async (action: string) => {
    await page.getByRole('button', { name: 'Actions: Stop the application' }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await act('Show what it would change');
  await row(/Allow.*Would be denied by staged rule Stop the application.*web1.*app1.*8080/)
    .first()
    .waitFor();
  await page.goBack();
  await act('Enforce rule');
  await publish();
  assert.equal(await asks(), undefined);
  await page.goto(`${url}/flows?verdict=deny`);
  await row(/web1.*app1.*8080.*Stop the application/)
    .first()
    .waitFor();
});

test('a VM is migrated from its page, and the task says how it ended', async () => {
  const { page } = browser;
  const from = await hostOf(lab, 'db1');
  await page.goto(`${url}/vms?q=db1`);
  await row(/db1/).getByRole('link', { name: 'db1' }).click();
  await page.getByRole('heading', { level: 1, name: 'db1' }).waitFor();
  await page.getByRole('button', { name: 'Actions', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Migrate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Migrate' }).click();
  await page.getByText('Migrate: asked for db1').waitFor();
  await page.goto(`${url}/tasks`);
  await row(/Done.*Migrate VM.*db1/).waitFor();
  assert.notEqual(await hostOf(lab, 'db1'), from);
});

test('a newcomer’s walk to an own published policy works on this cloud too', async () => {
  await walkToPublishedPolicy(browser.page, url);
});

test('the browser had nothing to complain about', () => {
  // The refused sign-in goes past the page; one field is wrong on purpose in the walk.
  const expected = (text: string) => /status of 40[01]/.test(text);
  assert.deepEqual(
    browser.complaints.filter((text) => !expected(text)),
    [],
  );
});
