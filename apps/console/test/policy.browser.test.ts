import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from './fake-platform/errors.ts';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';
import { editRule } from './support/rules.ts';

test('a rule is written, published, and enforced on every host', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await page.getByText('Enforced on 2 of 2 hosts').waitFor();
  await page.getByRole('button', { name: 'Add rule to shop' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Monitoring');
  await dialog.getByRole('group', { name: 'From' }).getByLabel('Address blocks').fill('192.0.2.0/24');
  await dialog.getByRole('group', { name: 'To' }).getByLabel('Security groups').fill('databases');
  await dialog.getByLabel('Services', { exact: true }).fill('tcp/nonsense');
  await dialog.getByText('is not a service').waitFor();
  await dialog.getByLabel('Services', { exact: true }).fill('tcp/9100');
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
  await editRule(page, 'Browsers to web');
  fake.failing.set(
    'editRules',
    new Refused('invalid-request', {}, [
      { field: 'changed.0.to.cidrs.0', code: 'wrong-format', params: { format: 'cidr' } },
    ]),
  );
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('group', { name: 'To' }).getByLabel('Address blocks').fill('10.0.0.0/99');
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await dialog.getByRole('group', { name: 'To' }).getByText('This must be an address or a block').waitFor();
  await dialog.getByText(/^req-\d+$/).waitFor();
});

test('a staged rule shows what it would change, and is put in force from its menu', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 2)}`);
  const act = async (action: string) => {
    await page.getByRole('button', { name: 'Actions: Names over TLS only' }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await page.getByRole('row', { name: /Names over TLS only.*Staged/ }).waitFor();
  await act('Show what it would change');
  await page.waitForURL(/\/flows\?.*pendingRule=/);
  await page
    .getByRole('row', { name: /Allow.*Would be denied by staged rule Names over TLS only.*udp\/53/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'Open the staged rule' }).click();
  await act('Enforce rule');
  await page.getByText('0 added, 1 changed, 0 removed').waitFor();
  await page.getByRole('row', { name: /Names over TLS only.*Staged/ }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Actions: name-service' }).click();
  await page.getByRole('menuitem', { name: 'Stage all rules' }).click();
  await page.getByRole('row', { name: /Ping.*Staged/ }).waitFor();
  await page.getByRole('button', { name: 'Actions: name-service' }).click();
  await page.getByRole('menuitem', { name: 'Enforce all rules' }).click();
  await page.getByRole('row', { name: /Ping.*Staged/ }).waitFor({ state: 'detached' });
  const [policy] = fake.state.data.draft.filter(({ id }) => id === uuid('policy', 2));
  assert.deepEqual(
    policy?.rules.map(({ name, staged }) => [name, staged]),
    [
      ['Names over TLS only', false],
      ['Resolve names', false],
      ['Ping', false],
    ],
  );
});

test('a list that cannot be read says so, with a way on', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  fake.failing.set('listGroups', new Refused('internal', {}));
  await page.goto(`${url}/groups`);
  await page.getByText('The platform failed.').first().waitFor();
  await page
    .getByText(/^req-\d+$/)
    .first()
    .waitFor();
  fake.failing.clear();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('web-servers').waitFor();
});

test('a problem leads to its rule; a publishing is watched on every host, observed, and taken back', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  const { data } = fake.state;
  const [shop] = data.draft;
  const wrong = { ...shop!.rules[1]!, from: { ...shop!.rules[1]!.from, groupIds: [uuid('group', 99)] } };
  data.draft[0] = { ...shop!, change: 'changed', rules: shop!.rules.with(1, wrong) };
  await page.goto(`${url}/policy?fold=all`);
  await page.getByRole('alert').getByRole('link', { name: 'shop / Web to app' }).click();
  await page.locator('tr[aria-current="true"]', { hasText: 'Web to app' }).waitFor();
  await page.getByRole('link', { name: '0 added, 1 changed, 0 removed' }).click();
  await page.getByRole('heading', { level: 1, name: 'History' }).waitFor();

  data.draft[0] = { ...shop!, change: 'changed' };
  await page.goto(`${url}/policy`);
  await page.getByRole('button', { name: 'Publish policy' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish policy' }).click();
  await page.getByText('Revision 8 is published.').waitFor();
  await page.getByRole('button', { name: 'Enforced on 2 of 2 hosts' }).click();
  await page.getByText('Enforces it since').nth(1).waitFor();
  fake.state.changeHost(uuid('host', 2), { applyError: 'the switch is full' });
  fake.state.events.emit({ kind: 'changed', what: 'policy' });
  await page.getByText('keeps the last that it could: the switch is full').waitFor();
  await page.getByRole('link', { name: 'Observe' }).click();
  await page.getByText('are denied that passed before').waitFor();
  await page
    .getByRole('row', { name: /Allow Deny/ })
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Roll back' }).click();
  await page.getByRole('dialog').getByLabel('Comment').fill('The shop was down');
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
  await page.getByText('Revision 9 is published.').waitFor();
  assert.equal(data.revisions[0]?.comment, 'The shop was down');
});
