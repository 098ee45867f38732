import { test } from 'node:test';
import { Refused } from './fake-platform/errors.ts';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';

test('a rule is written, published, and enforced on every host', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await page.getByText('Enforced on 2 of 2 hosts').waitFor();
  await page.getByRole('button', { name: 'Add rule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Monitoring');
  await dialog.getByRole('group', { name: 'From' }).getByLabel('Address blocks').fill('192.0.2.0/24');
  await dialog.getByRole('group', { name: 'To' }).getByLabel('Security groups').fill('databases');
  await dialog.getByLabel('Services').fill('tcp/nonsense');
  await dialog.getByText('is not a service').waitFor();
  await dialog.getByLabel('Services').fill('tcp/9100');
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await page.getByRole('row', { name: /Monitoring.*192\.0\.2\.0\/24.*databases.*tcp\/9100.*Allow/ }).waitFor();
  await page.getByText('0 added, 1 changed, 0 removed').waitFor();

  await page.getByRole('button', { name: 'Publish policy' }).click();
  await page.getByRole('dialog').getByLabel('Comment').fill('Monitoring of databases');
  await page.getByRole('dialog').getByRole('button', { name: 'Publish policy' }).click();
  await page.getByText('Revision 8 is published.').waitFor();
  await page.getByText('Enforced on 2 of 2 hosts').waitFor();
  await page.getByText('No changes: the draft is what is published').waitFor();
});

test('what the platform finds wrong stands at its field', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await page.getByText('Browsers to web', { exact: true }).click();
  fake.failing.set(
    'updatePolicy',
    new Refused('invalid-request', 'no', [
      { field: 'rules.0.to.cidrs.0', code: 'invalid_format', message: 'an address block' },
    ]),
  );
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('group', { name: 'To' }).getByLabel('Address blocks').fill('10.0.0.0/99');
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await dialog.getByRole('group', { name: 'To' }).getByText('Not in the right form: an address block').waitFor();
  await dialog.getByText(/^req-\d+$/).waitFor();
});

test('the order of rules can be changed by keyboard, and a draft thrown away', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await page.getByRole('button', { name: 'Actions: Web to app' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Move up' }).press('Enter');
  await page.getByText('0 added, 1 changed, 0 removed').waitFor();
  await page.waitForFunction(
    () => document.querySelector('tr[data-index="0"]')?.textContent?.includes('Web to app') === true,
  );
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard draft' }).click();
  await page.getByText('No changes: the draft is what is published').waitFor();
  await page.waitForFunction(
    () => document.querySelector('tr[data-index="0"]')?.textContent?.includes('Browsers to web') === true,
  );
});

test('a list that cannot be read says so, with a way on', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  fake.failing.set('listGroups', new Refused('internal', 'broken'));
  await page.goto(`${url}/groups`);
  await page.getByText('The platform failed. Try again').first().waitFor();
  await page
    .getByText(/^req-\d+$/)
    .first()
    .waitFor();
  fake.failing.clear();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('web-servers').waitFor();
});
