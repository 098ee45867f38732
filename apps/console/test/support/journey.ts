import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';

/**
 * From nothing to a published policy and a host's invitation, and a look at every list. It makes what it needs under a
 * name of its own, so that it can run on any platform, empty or busy. One request is refused on purpose (status 400).
 */
export async function walkToPublishedPolicy(page: Page, url: string): Promise<void> {
  const name = `t${randomBytes(4).toString('hex')}`;
  const dialog = page.getByRole('dialog');
  const field = (label: string) => dialog.getByRole('textbox', { name: new RegExp(`^${label}`) });

  await page.goto(`${url}/tenants?do=create`);
  await field('Name').fill(name);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name }).waitFor();

  await page.goto(`${url}/networks?do=create`);
  await field('Name').fill(name);
  await dialog.getByLabel('VLAN').fill('9999');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('This must be 4094 or less.').waitFor();
  await dialog.getByLabel('VLAN').fill('');
  await dialog.getByLabel('Address blocks').fill('10.77.0.0/24');
  await dialog.getByLabel('Owner').selectOption({ label: name });
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name: new RegExp(`${name}.*10\\.77\\.0\\.0/24`) }).waitFor();

  await page.goto(`${url}/groups?do=create`);
  await field('Name').fill(name);
  await dialog.getByLabel('Selector').fill('role=web');
  await dialog.getByText(/This group would have \d+ VMs? now/).waitFor();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('row', { name: new RegExp(`${name}.*role=web`) }).waitFor();

  await page.goto(`${url}/policy?do=create`);
  await field('Name').fill(name);
  await dialog.getByLabel('Tiers').selectOption('platform');
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await page.getByRole('button', { name: `Add rule to ${name}` }).click();
  await field('Name').fill('web');
  await dialog.getByRole('group', { name: 'To' }).getByLabel('Security groups').fill(name);
  await dialog.getByLabel('Services', { exact: true }).fill('tcp/443');
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await page.getByRole('row', { name: new RegExp(`web.*${name}.*tcp/443`) }).waitFor();
  await page.getByRole('button', { name: 'Publish policy' }).click();
  await dialog.getByRole('button', { name: 'Publish policy' }).click();
  await page.getByText(/Revision [\d,]+ is published/).waitFor();
  await page.getByText('No changes: the draft is what is published').waitFor();

  await page.goto(`${url}/hosts?do=enrol`);
  await dialog.getByLabel('Name of the host').fill(name);
  await dialog.getByRole('button', { name: 'Make the command' }).click();
  await dialog.getByText('Waiting for').waitFor();

  for (const [path, title] of [
    ['/', 'Posture'],
    ['/vms', 'VMs'],
    ['/map', 'Map'],
    ['/flows', 'Flows'],
    ['/tasks', 'Tasks'],
    ['/audit', 'Audit'],
  ] as const) {
    await page.goto(url + path);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.locator('.hv-loading').first().waitFor({ state: 'detached' });
    assert.equal(await page.locator('.hv-error').count(), 0, path);
  }
}
