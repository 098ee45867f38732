import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { Refused } from './fake-platform/errors.ts';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';

const editRule = async (page: Page, name: string) => {
  await page.getByRole('button', { name: `Actions: ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Edit rule' }).click();
};

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
    'updatePolicy',
    new Refused('invalid-request', {}, [
      { field: 'rules.0.to.cidrs.0', code: 'wrong-format', params: { format: 'cidr' } },
    ]),
  );
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('group', { name: 'To' }).getByLabel('Address blocks').fill('10.0.0.0/99');
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await dialog.getByRole('group', { name: 'To' }).getByText('This must be an address or a block').waitFor();
  await dialog.getByText(/^req-\d+$/).waitFor();
});

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

test('a rule is dragged to another place, where a line says it would go', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await inOrder(page, [0, 1, 2, 3]);
  const press = async () => {
    // Waits until it stands still: what is read later moves the table down.
    await page.getByRole('button', { name: 'Move Browsers to web, 1 of 4' }).hover();
    await page.mouse.down();
    const third = (await page.getByRole('row', { name: /App to database/ }).boundingBox())!;
    await page.mouse.move(third.x + 40, third.y + third.height - 4, { steps: 6 });
    await page.locator('tr.hv-drop-above', { hasText: 'Nobody else to database' }).waitFor();
  };
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

test("a host's firewall: a listener gets a rule, the policy goes on trial and is confirmed", async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/host-firewalls`);
  await page.getByRole('row', { name: /kvm-01.*On trial 9 min/ }).waitFor();
  await page.getByRole('link', { name: 'kvm-01' }).click();
  await page
    .getByRole('row', { name: /tcp\/9100.*node_exporter/ })
    .getByText('Write a rule')
    .click();
  await page.getByRole('textbox', { name: 'Services of rule 4' }).fill('tcp/9100 nonsense');
  await page.getByText('“nonsense” is not a service').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Save and try' }).isDisabled());
  await page.getByRole('textbox', { name: 'Services of rule 4' }).fill('tcp/9100 https');
  await page.getByRole('combobox', { name: 'Other end of rule 4' }).fill('operators');
  await page.getByRole('button', { name: 'Save and try' }).click();
  await page.getByRole('row', { name: /4 Inbound Allow tcp\/9100 https operators/ }).waitFor();
  assert.deepEqual(fake.state.data.firewalls[0]?.policy?.rules[3], {
    direction: 'in',
    action: 'allow',
    services: [{ protocol: 'tcp', ports: ['9100'] }, 'https'],
    peers: ['operators'],
    comment: '',
  });
  await page.getByRole('button', { name: 'Confirm: I still reach it' }).click();
  await page.getByText('The policy is kept.').waitFor();
  await page.getByText('In force').waitFor();
  assert.equal(fake.state.data.firewalls[0]?.status?.kept, 5);
});

test('what analysis finds stands at the rule and in a list that leads to it', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 2)}`);
  await page.getByRole('button', { name: 'Findings: 2' }).click();
  await page.getByRole('button', { name: 'Contradictory 1' }).click();
  const findings = page.getByRole('complementary', { name: 'Findings' });
  await findings.getByText('10.10.1.12 → 10.10.1.13 tcp/5432').waitFor();
  assert.equal(await findings.getByText('Without log', { exact: true }).count(), 0);
  await findings.getByRole('link', { name: 'Nobody else to database' }).click();
  await page.locator('tr[aria-current="true"]', { hasText: 'Nobody else to database' }).waitFor();
  await page.keyboard.press('Escape');
  await findings.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '1 finding on Browsers to web' }).focus();
  await page.getByRole('tooltip').getByText('203.0.113.7 → 10.10.1.11 tcp/443').waitFor();
  await page.getByRole('button', { name: 'Actions: Browsers to web' }).click();
  await page.getByRole('menuitem', { name: 'Remove rule' }).click();
  await page.getByRole('button', { name: 'Findings: 1' }).waitFor();
});

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

test('a VM is quarantined with a reason, marked wherever it is shown, and released', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/vms/${uuid('vm', 1)}`);
  await page.getByRole('button', { name: 'Quarantine' }).click();
  const dialog = page.getByRole('dialog');
  const submit = dialog.getByRole('button', { name: 'Quarantine' });
  assert.ok(await submit.isDisabled());
  await dialog.getByRole('textbox', { name: 'Why' }).fill('Beacons to 203.0.113.9');
  await submit.click();
  const banner = page.getByText('This VM is quarantined: nothing leaves it and nothing reaches it.');
  await banner.waitFor();
  await page.getByText('Beacons to 203.0.113.9').waitFor();
  await page.getByText('by admin').waitFor();
  await page.goto(`${url}/vms`);
  await page.getByRole('row', { name: /aurora-web.*Quarantined/ }).waitFor();
  await page.goto(`${url}/vms/${uuid('vm', 1)}`);
  await page.getByRole('button', { name: 'Release' }).click();
  await dialog.getByRole('textbox', { name: 'Why' }).fill('Cleaned');
  await dialog.getByRole('button', { name: 'Release' }).click();
  await banner.waitFor({ state: 'detached' });
});

test('why: asked from a VM, drawn with the rule that decides, refused at its field, all of it in the address', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/vms/${uuid('vm', 1)}`);
  await page.getByRole('link', { name: 'Who reaches it' }).click();
  const form = page.getByRole('form', { name: 'Reachability' });
  await page.getByText('Some of it gets through').waitFor();
  assert.equal(await form.getByLabel('To', { exact: true }).inputValue(), 'vm:aurora-web');
  const path = page.getByRole('region', { name: 'Path' });
  await path.getByRole('link', { name: 'Browsers to web' }).first().waitFor();
  await page.getByRole('row', { name: /Deny.*Default: deny/ }).click();
  await path.getByText(/does not reach aurora-web/).waitFor();
  await page.waitForURL(/part=1/);
  await form.getByLabel('From', { exact: true }).fill('nobody');
  await form.getByRole('button', { name: 'Ask' }).click();
  await form.locator('.pf-m-error').first().waitFor();
  await page.waitForURL(/from=nobody/);
});

test('matrix: arrow keys move between groups, Enter asks why, a hundred groups stay in sight of their names', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/matrix?of=published`);
  const grid = page.getByRole('grid', { name: /Rows send, columns receive/ });
  await grid.getByRole('columnheader', { name: 'databases' }).waitFor();
  await grid.getByRole('gridcell').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByText('app-servers → databases').waitFor();
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
    'Something gets through: tcp/5432',
  );
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/reach\?from=group%3Aapp-servers&to=group%3Adatabases&of=published/);

  const [group] = fake.state.data.groups;
  fake.state.data.groups = Array.from({ length: 100 }, (_, n) => ({
    ...group!,
    id: uuid('group', n + 1),
    name: `application-tier-${String(n).padStart(3, '0')}`,
  }));
  await page.goto(`${url}/matrix`);
  await grid.getByRole('columnheader', { name: 'application-tier-099' }).waitFor();
  assert.equal(await grid.locator('td').count(), 10_000);
  await grid.locator('td').first().focus();
  await page.keyboard.press('Control+End');
  await page.getByText('application-tier-099 → application-tier-099').waitFor();
  const corner = await grid.locator('thead th').first().boundingBox();
  const frame = await page.locator('.hv-matrix-frame').boundingBox();
  assert.deepEqual([corner?.x, corner?.y], [frame?.x, frame?.y], 'the headers stay');
  await page.getByRole('textbox', { name: 'Groups' }).fill('tier-04');
  await page.waitForFunction(() => document.querySelectorAll('.hv-matrix td').length === 100);
  await page.waitForURL(/q=tier-04/);
});

test('gateways: a group is made, a rule inspects with it, a gateway is drained after asking', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  const dialog = page.getByRole('dialog');
  await page.goto(`${url}/gateways`);
  await page.getByRole('row', { name: /edge-gateways.*1 of 2.*0\.42.*2 vCPUs, 1 GiB/ }).click();
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByText('Its host has another image now: c81e728d9d4c2f63').waitFor();
  await panel.getByRole('button', { name: 'Actions: Gateway 1 on kvm-01' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Drain' }).press('Enter');
  await dialog.getByText('It keeps its 1,280 connections').waitFor();
  assert.equal(fake.state.data.gateways[0]?.drain, false);
  await dialog.getByRole('button', { name: 'Drain' }).click();
  await panel.getByRole('region', { name: 'Gateway 1 on kvm-01' }).getByText('No new connections').waitFor();

  await page.goto(`${url}/gateways?do=create`);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('deep-look');
  await dialog.getByLabel('Memory (MiB)').fill('128');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.locator('.pf-m-error').first().waitFor();
  await dialog.getByLabel('Memory (MiB)').fill('512');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name: /deep-look/ }).waitFor();

  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await editRule(page, 'Browsers to web');
  await dialog.getByRole('radio', { name: 'Inspect' }).check();
  const save = dialog.getByRole('button', { name: 'Save to draft' });
  assert.ok(await save.isDisabled());
  await dialog.getByLabel('Group of gateways').selectOption('deep-look');
  await dialog.getByLabel('While no gateway can take it').selectOption('open');
  await save.click();
  await page.getByRole('row', { name: /Browsers to web.*Inspect.*deep-look · Fails open/ }).waitFor();
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

test('mirrors: a capture is downloaded, another begins; a mirror to a collector is made', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  const dialog = page.getByRole('dialog');
  await page.goto(`${url}/mirrors?id=${uuid('mirror', 1)}`);
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByText('123 packets copied, 2 dropped').waitFor();
  const saved = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Download' }).click();
  assert.match((await saved).suggestedFilename(), /^capture-.*-kvm-01\.pcap$/);
  await panel.getByRole('button', { name: 'Start a capture' }).click();
  await dialog.getByLabel('Seconds').fill('0');
  await dialog.getByRole('button', { name: 'Start a capture' }).click();
  await dialog.locator('.pf-m-error').first().waitFor();
  await dialog.getByLabel('Seconds').fill('30');
  await dialog.getByRole('button', { name: 'Start a capture' }).click();
  await panel.getByText('Started by admin · running').waitFor();

  const tenant = fake.state.data.tenants[0]!;
  await page.goto(`${url}/mirrors?do=create`);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('to-collector');
  await dialog.getByLabel('Tenant').selectOption(tenant.id);
  await dialog.getByLabel('Copies go to').selectOption('tunnel');
  await dialog.getByRole('textbox', { name: 'Collector' }).fill('not an address');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.locator('.pf-m-error').first().waitFor();
  await dialog.getByRole('textbox', { name: 'Collector' }).fill('192.0.2.9');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name: /to-collector.*192\.0\.2\.9 \(VXLAN 1\)/ }).waitFor();
});
