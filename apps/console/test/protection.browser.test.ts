import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';
import { editRule } from './support/rules.ts';

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

test('gateways: a group is made, a rule inspects with it, a gateway is drained after asking', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  const dialog = page.getByRole('dialog');
  await page.goto(`${url}/gateways`);
  await page.getByRole('row', { name: /edge-gateways.*1 of 2.*0\.42.*2 vCPUs, 1 GiB/ }).click();
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByText('Its host has another image now: 0.2.0 c81e728d9d4c2f63').waitFor();
  await panel.getByRole('button', { name: 'Actions: Gateway 1 on kvm-01' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Drain' }).press('Enter');
  await dialog.getByText('It keeps its 1,280 connections').waitFor();
  assert.equal(fake.state.data.gateways[0]?.drain, false);
  await dialog.getByRole('button', { name: 'Drain' }).click();
  await panel.getByRole('region', { name: 'Gateway 1 on kvm-01' }).getByText('No new connections').waitFor();
  await panel.getByRole('button', { name: 'Upgrade' }).click();
  await dialog.getByText('1 gateway is from another image').waitFor();
  await dialog.getByRole('button', { name: 'Upgrade' }).click();
  await panel.getByRole('region', { name: 'Gateway 2 on kvm-02' }).getByText('Being replaced').waitFor();

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
  await dialog.getByLabel('Group of gateways', { exact: true }).selectOption('deep-look');
  await dialog.getByLabel('While no gateway can take it', { exact: true }).selectOption('open');
  await dialog.getByRole('button', { name: 'Add another group after it' }).click();
  assert.ok(await save.isDisabled());
  await dialog.getByLabel('Group 2 of gateways', { exact: true }).selectOption('edge-gateways');
  const blocks = dialog.getByRole('group', { name: 'What the gateway ends' });
  await blocks.getByLabel('Applications').fill('SSH');
  await blocks.getByLabel('Names').fill('*.Example.com');
  await blocks.getByLabel('Risks').fill('Known protocol on another port');
  await save.click();
  const chain = /Browsers to web.*Inspect.*deep-look · Fails open.* → edge-gateways · Fails closed/;
  const ended = / · ends SSH, \*\.example\.com, Known protocol on another port/;
  await page.getByRole('row', { name: new RegExp(`${chain.source}.*${ended.source}`) }).waitFor();
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

  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  await editRule(page, 'Browsers to web');
  await dialog.getByLabel('Mirror').selectOption('to-collector');
  await dialog.getByRole('radio', { name: 'Deny' }).check();
  await dialog.getByLabel('Mirror').waitFor({ state: 'detached' });
  await dialog.getByRole('radio', { name: 'Allow' }).check();
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await dialog.waitFor({ state: 'detached' });
  const rules = () => fake.state.data.draft.flatMap((policy) => policy.rules);
  const mirrorId = () => rules().find(({ name }) => name === 'Browsers to web')?.mirrorId;
  assert.ok(mirrorId());
  await editRule(page, 'Browsers to web');
  assert.equal(await dialog.getByLabel('Mirror').locator('option:checked').textContent(), 'to-collector');
  await dialog.getByLabel('Mirror').selectOption('No copies');
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(mirrorId(), null);
});
