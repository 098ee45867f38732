import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';
import { editRule } from './support/rules.ts';

test('a selector says whom it finds, and a mistake where it is', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/groups?do=create`);
  const dialog = page.getByRole('dialog');
  const create = dialog.getByRole('button', { name: 'Create' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('not web');
  await dialog.getByLabel('Selector').fill('role and not (role=web');
  await dialog.getByText('At character 23 there should be and, or, or ).').waitFor();
  assert.equal(await dialog.locator('.hv-marked mark').textContent(), ' ');
  assert.ok(await create.isDisabled());
  await dialog.getByLabel('Selector').fill('role and not (role=web)');
  await dialog.getByText(/^Finds \d+ VMs by their tags\.$/).waitFor();
  await dialog.getByLabel('Groups within').fill('web-servers');
  await dialog.getByText(/^This group would have \d+ VMs now\.$/).waitFor();
  await create.click();
  await page.getByRole('row', { name: /not web.*role and not/ }).waitFor();
});

test('a schedule and a service are written and named in a rule; what a rule names stays', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  const dialog = page.getByRole('dialog');
  await page.goto(`${url}/schedules?do=create`);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('batch nights');
  await dialog.getByRole('combobox', { name: 'Time zone' }).fill('Europe/Berlin');
  const hours = dialog.getByRole('group', { name: 'Hours 1' });
  for (const day of ['Mon', 'Tue', 'Wed']) await hours.getByRole('checkbox', { name: day }).uncheck();
  await hours.getByRole('textbox', { name: 'From' }).fill('22');
  await hours.getByText('write times as 08:00').waitFor();
  assert.ok(await dialog.getByRole('button', { name: 'Create' }).isDisabled());
  await hours.getByRole('textbox', { name: 'From' }).fill('22:00');
  await hours.getByRole('textbox', { name: 'To' }).fill('24:00');
  await dialog.getByRole('button', { name: 'Add hours' }).click();
  await dialog.getByRole('group', { name: 'Hours 2' }).getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('img', { name: 'Thu Fri 22:00–24:00' }).waitFor();
  await dialog.getByLabel('Last date').fill('2027-03-31');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page
    .getByRole('row', { name: /batch nights holds now Thu Fri 22:00–24:00 Europe\/Berlin … to 2027-03-31/ })
    .waitFor();

  await page.goto(`${url}/services?do=create&q=billing`);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('billing');
  await dialog.getByLabel('Services', { exact: true }).fill('tcp/9000-9010');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name: /billing tcp\/9000-9010 Own/ }).waitFor();
  await page.goto(`${url}/services?q=bgp`);
  await page.getByRole('row', { name: /bgp tcp\/179 Built in/ }).click();
  await page.getByText('Everybody has it, and it cannot be changed.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Edit' }).count(), 0);

  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await editRule(page, 'Browsers to web');
  await dialog.getByLabel('Services by name').fill('billing');
  await dialog.getByLabel('Schedule').selectOption('batch nights (Europe/Berlin)');
  await dialog.getByRole('img', { name: 'Thu Fri 22:00–24:00' }).waitFor();
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await page.getByRole('row', { name: /Browsers to web.*billing/ }).waitFor();

  await page.goto(`${url}/schedules`);
  await page.getByRole('row', { name: /batch nights/ }).click();
  await page.getByRole('link', { name: 'Browsers to web' }).waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText(/^The rule Browsers to web of the policy shop names this/).waitFor();
  const [rule] = fake.state.data.draft.find(({ id }) => id === uuid('policy', 1))!.rules;
  assert.equal(rule?.namedServiceIds.length, 1);
});
