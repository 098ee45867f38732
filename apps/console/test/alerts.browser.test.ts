import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';
import { personOf } from './support/people.ts';

test('an alert is found, looked at, and worked on to its end', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/alerts?state=open`);
  await page.getByRole('row', { name: /High.*Port scan.*aurora-web/ }).waitFor();
  assert.equal(await page.getByRole('row', { name: /Flood/ }).count(), 0);

  await page.getByRole('link', { name: 'Port scan' }).click();
  await page.getByRole('heading', { level: 1, name: 'Port scan: aurora-web' }).waitFor();
  await page.getByText('42 services tried in 9 s without success').waitFor();
  await page.getByText('It is aimed at VMs of another tenant.').waitFor();

  await page.getByRole('button', { name: 'Mark as triaged' }).click();
  await page.getByText('Triaged', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Start work' }).click();
  await page.getByText('In progress', { exact: true }).waitFor();
  await page.getByLabel('Comment', { exact: true }).fill('Asked the tenant.');
  await page.getByRole('button', { name: 'Add comment' }).click();
  await page.getByText('Asked the tenant.').waitFor();

  await page.getByRole('button', { name: 'Close alert' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('It turned out to be').selectOption('Expected');
  await dialog.getByLabel('No such alert for').selectOption('7 days');
  await dialog.getByLabel('The exception is for').selectOption('All that this detector tells of the VM');
  await dialog.getByRole('button', { name: 'Close alert' }).click();
  await page.getByText('Closed', { exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Start work' }).getAttribute('aria-disabled'), 'true');

  await page.getByRole('link', { name: 'Show flows' }).click();
  await page.getByRole('heading', { level: 1, name: 'Flows' }).waitFor();
  assert.match(page.url(), /vm=.*from=/);
});

test('what is expected is listed with who said so, and can be told again; detectors say how right they were', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/alerts`);
  await page.getByRole('link', { name: 'Exceptions' }).click();
  await page.getByRole('row', { name: /Flood.*203\.0\.113\.9.*admin.*Our own load test/ }).waitFor();
  await page.getByRole('button', { name: /Actions: Flood/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Nothing is expected').waitFor();

  await page.goto(`${url}/alerts/detectors`);
  const flood = page.getByRole('row', { name: /Flood/ });
  await flood.waitFor();
  assert.deepEqual((await flood.getByRole('cell').allTextContents()).slice(1, 5), ['T1498.001', '0', '0', '0']);
});

test('an alert is responded to by hand, the incident knows, and the response is undone', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/alerts?state=open`);
  await page.getByRole('link', { name: 'Port scan' }).click();
  const panel = page.getByRole('region', { name: 'Responses' });
  await panel.getByText('Nothing was done about it yet.').waitFor();
  await panel.getByRole('button', { name: 'Respond' }).click();
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.getByLabel('Why').inputValue(), 'Port scan');
  await dialog.getByLabel('Action').selectOption('Block an address');
  await dialog.getByLabel('Address', { exact: true }).selectOption('10.10.1.20');
  await dialog.getByLabel('Action').selectOption('Quarantine the VM');
  await dialog.getByLabel('Undo it by itself').selectOption('After 8 hours');
  await dialog.getByRole('button', { name: 'Quarantine the VM' }).click();
  await panel.getByRole('row', { name: /In effect.*VM quarantined.*admin/ }).waitFor();

  await page.getByRole('link', { name: 'Show the incident' }).click();
  const ofIncident = page.getByRole('region', { name: 'Responses' });
  await ofIncident.getByRole('button', { name: /Actions: VM quarantined/ }).click();
  await page.getByRole('menuitem', { name: 'Undo' }).click();
  await page.getByRole('dialog').getByLabel('Why').fill('Cleaned.');
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await ofIncident.getByRole('row', { name: /Undone.*VM quarantined/ }).waitFor();

  await page.goto(`${url}/alerts/responses?action=block-peer`);
  await page.getByRole('row', { name: /Undone.*203\.0\.113\.9 in blocked.*Flood/ }).waitFor();
  assert.equal(await page.getByRole('row', { name: /VM quarantined/ }).count(), 0);
});

test('a tenant is asked about an alert, and answers for itself', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/alerts?state=open`);
  await page.getByRole('link', { name: 'Port scan' }).click();
  const panel = page.getByRole('region', { name: 'Responses' });
  await panel.getByRole('button', { name: 'Respond' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Action').selectOption('Ask the tenant');
  await dialog.getByLabel('Question').fill('Is this your scanner?');
  await dialog.getByRole('button', { name: 'Ask the tenant' }).click();
  await panel.getByRole('row', { name: /Waits for an answer.*Question to the tenant/ }).waitFor();
  await page.getByText('admin asks the tenant: Is this your scanner?').waitFor();
  // Whoever asks does not answer.
  assert.equal(await page.getByRole('button', { name: 'Answer' }).getAttribute('aria-disabled'), 'true');

  await using theirs = await openConsole({}, { person: personOf('tenant-member', uuid('tenant', 1)) });
  await theirs.page.goto(`${theirs.url}/alerts/${uuid('alert', 2)}`);
  await theirs.page.getByText('guard asks the tenant: Is this a test of yours?').waitFor();
  await theirs.page.getByRole('button', { name: 'Answer' }).click();
  const answering = theirs.page.getByRole('dialog');
  await answering.getByLabel('Answer').selectOption('We do not do this');
  await answering.getByLabel('What you know of it').fill('Nobody of us.');
  await answering.getByRole('button', { name: 'Answer' }).click();
  await theirs.page.getByRole('row', { name: /Answered.*Question to the tenant/ }).waitFor();
  await theirs.page.getByText('guard asks the tenant').waitFor({ state: 'detached' });
});

test('what a VM does is told by the hour of the week, beside what is usual and from what on it is told of', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/alerts`);
  await page.getByRole('link', { name: 'Port scan' }).click();
  await page.getByRole('link', { name: 'Show behaviour' }).click();
  await page.getByRole('img', { name: 'What each hour of the last week had' }).waitFor();
  const hours = page.getByRole('table', { name: 'Hours of the week' });
  assert.equal(await hours.getAttribute('aria-rowcount'), '169');
  assert.match((await hours.getByRole('row').nth(1).textContent()) ?? '', /iB.*iB.*GiB/);
  assert.equal(await page.locator('.hv-heat').first().locator('rect').count(), 168);

  await page.getByRole('button', { name: 'Machines spoken to' }).click();
  await page.getByText('50 machines more than it').waitFor();
  assert.match(page.url(), /measure=spoken-to/);
  await page.reload();
  await page.getByText('50 machines more than it').waitFor();
  await page.getByText('Off: nothing is told').waitFor();

  await page.goto(`${url}/vms/${uuid('vm', 2)}?tab=behaviour`);
  await page
    .getByText(/43% of .* learnt; alerts from/)
    .first()
    .waitFor();
  await page.getByText('Not known yet').first().waitFor();
  assert.equal(await page.locator('.hv-heat__hour--unknown').count(), 96 + 168);
});

test('what a playbook asks for is approved; a playbook is made, and says what it would have done', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/alerts/responses?state=waiting`);
  await page.getByRole('row', { name: /Waits for approval.*VM quarantined.*playbook:floods/ }).waitFor();
  await page.getByRole('button', { name: /Actions: 203\.0\.113\.8 in blocked/ }).click();
  const own = page.getByRole('menuitem', { name: 'Approve' });
  assert.equal(await own.getAttribute('aria-disabled'), 'true');
  assert.match((await own.textContent()) ?? '', /You wrote the playbook that asks for this/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Actions: VM quarantined/ }).click();
  await page.getByRole('menuitem', { name: 'Approve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.goto(`${url}/alerts/responses?state=active`);
  await page.getByRole('row', { name: /In effect.*VM quarantined/ }).waitFor();

  await page.goto(`${url}/playbooks`);
  await page.getByRole('button', { name: 'Create a playbook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('scans');
  await dialog.getByLabel('Somebody has to approve').selectOption('After 1 hour');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name: /scans.*Switched off.*At most 5 an hour, 1 of one VM/ }).waitFor();
  await page.getByRole('row', { name: /floods/ }).click();
  await page.getByText('0 done, 1 asked for, 0 held at the limit').waitFor();
});

test('detectors are off for a group, and are made more sensitive for Every other VM; those that find or do not can only be off', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/alerts/detectors`);
  await page.getByRole('link', { name: 'Settings of detectors' }).click();
  await page.getByRole('row', { name: /Off.*Scans for us every night.*42.*Never/ }).waitFor();
  await page.getByRole('button', { name: 'Set detectors' }).click();
  assert.match(page.url(), /do=create/);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Sensitivity').selectOption('High');
  const choices = await dialog
    .locator('datalist option')
    .evaluateAll((all) => all.map((one) => one.getAttribute('value')));
  assert.ok(choices.includes('Flood') && !choices.some((name) => /mining/i.test(name ?? '')), choices.join());
  await dialog.getByLabel('Detectors').fill('Flood');
  await dialog.getByLabel('Why').fill('We are being looked at.');
  await dialog.getByLabel('Ends').selectOption('After 1 day');
  await dialog.getByRole('button', { name: 'What would it have told?' }).click();
  await dialog.getByText(/Of 12,345 flows of the last 7 days: alerts as usual 1, as set here 1/).waitFor();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page
    .getByRole('row', { name: /Every other VM.*High.*Flood.*We are being looked at.*(tomorrow|in 23)/ })
    .waitFor();
  await page.getByRole('button', { name: /Actions: Every other VM/ }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await dialog.getByLabel('Sensitivity').selectOption('Low');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: /Every other VM.*Low/ }).waitFor();
  await page.getByRole('button', { name: /Actions: Every other VM/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('row', { name: /Every other VM/ }).waitFor({ state: 'detached' });

  await page.getByText('8 false and 2 expected alerts of 3 VMs').waitFor();
  await page.getByRole('button', { name: /Set it … *: / }).click();
  assert.equal(await dialog.getByLabel('Sensitivity').inputValue(), 'low');
  await dialog.getByLabel('Why').fill('Backups are not news.');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name: /Low.*Backups are not news/ }).waitFor();
});
