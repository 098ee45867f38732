import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AWAITED } from './fake-platform/approval-handlers.ts';
import { Refused } from './fake-platform/errors.ts';
import { uuid } from './fake-platform/make.ts';
import { openConsole } from './support/browser.ts';

test('a draft that others wrote is approved with a comment by keyboard, the approval withdrawn and given again', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  fake.state.approvals = [AWAITED];
  await page.goto(`${url}/policy`);
  const bar = page.getByRole('region', { name: 'Draft' });
  const dialog = page.getByRole('dialog');
  await bar.getByText('The provider: 1 of 2 approvals. Changed by zhao.').waitFor();
  await bar.getByText(/Approved by wang .*ago.*Only for the migration window/).waitFor();

  await bar.getByRole('button', { name: 'Approve draft' }).press('Enter');
  await dialog.getByLabel('Comment').fill('Read with the shop');
  await page.keyboard.press('Enter');
  await bar.getByText('The provider: 2 of 2 approvals.').waitFor();
  await bar.getByText(/Approved by admin .*Read with the shop/).waitFor();

  await bar.getByRole('button', { name: 'Withdraw approval' }).press('Enter');
  fake.failing.set('withdrawApproval', new Refused('not-approved', {}));
  await dialog.getByRole('button', { name: 'Withdraw approval' }).press('Enter');
  await dialog.getByText('There is no approval of yours to take back').waitFor();
  fake.failing.delete('withdrawApproval');
  await dialog.getByRole('button', { name: 'Withdraw approval' }).press('Enter');
  await bar.getByText('The provider: 1 of 2 approvals.').waitFor();
  assert.equal(fake.state.approvals[0]?.approvedBy.length, 1);
});

test('an author is told that somebody else has to approve, and that publishing waits for it', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  fake.state.approvals = [{ ...AWAITED, authors: ['admin'] }];
  const [policy] = fake.state.data.draft;
  fake.state.data.draft = fake.state.data.draft.map((one) => (one === policy ? { ...one, change: 'changed' } : one));
  await page.goto(`${url}/policy?id=${uuid('policy', 1)}`);
  const why = async (button: string, reason: string) => {
    await page.getByRole('button', { name: button }).focus();
    await page.getByRole('tooltip', { name: reason }).waitFor();
  };
  await why('Approve draft', 'You changed this draft yourself: somebody else has to approve it.');
  await why('Publish policy', 'Approvals are missing.');
});

test('how many have to approve is set for each tier; history says who did', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/people`);
  await page.getByRole('button', { name: 'Required approvals' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Emergency').selectOption('3 people');
  await dialog.getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByText('The numbers of required approvals are set.').waitFor();
  await page.getByRole('button', { name: 'Required approvals', exact: true }).click();
  await page.getByLabel('Emergency').locator('option:checked', { hasText: '3 people' }).waitFor({ state: 'attached' });
  await page.goto(`${url}/policy/history`);
  await page.getByText('From: – → aurora-web').waitFor();
  await page.getByText(/Approved by wang .*Asked for by the shop/).waitFor();
});
