import { test } from 'node:test';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';

test('the draft is simulated on recorded flows: what would be cut, by which rule, with a way to the flows', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy`);
  await page.getByRole('link', { name: 'Simulate' }).click();
  await page.getByRole('heading', { level: 1, name: 'Simulation' }).waitFor();
  await page.getByText('12 connections of 3 VMs would be cut').waitFor();
  const row = page.getByRole('row', { name: /Allow.*Deny.*Nobody else to database/ }).first();
  await row.waitFor();
  await page.getByLabel('Recorded flows').selectOption('30');
  await page.waitForURL(/days=30/);
  await row.getByRole('link', { name: '4', exact: true }).click();
  await page.waitForURL(/\/flows\?.*from=/);
  await page.getByRole('heading', { level: 1, name: 'Flows' }).waitFor();
});

test('hits stand beside each rule and lead to its flows', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  const row = page.getByRole('row', { name: /Web to app/ });
  await row.getByRole('link', { name: '1.2K' }).click();
  await page.waitForURL(/\/flows\?.*rule=/);
});

test('rules are recommended for a group, with what speaks for them, and go into the draft in one action', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/recommendations`);
  await page.getByText('From the recorded flows of its VMs').waitFor();
  await page.getByLabel('For', { exact: true }).selectOption({ index: 1 });
  await page.waitForURL(/group=/);
  await page.getByText('3 rules allow the 5,400 connections of 9 VMs').waitFor();
  await page.getByRole('row', { name: /tcp\/8080.*High.*5,000.*7 \/ 7/ }).waitFor();
  await page
    .getByRole('row', { name: /Denied/ })
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Put into the draft' }).click();
  await page.getByText('Policy Seen of it is in the draft').waitFor();
  await page.waitForURL(/\/policy\?/);
});
