import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConsole } from './support/browser.ts';

test('a route is made, tested, and says what the other side said', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/notifications`);
  await page.getByRole('row', { name: /siem.*Fails/ }).waitFor();

  await page.getByRole('button', { name: 'Create a route' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^Name/ }).fill('on call');
  await dialog.getByLabel('Destination').selectOption('Slack');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('This field is missing.').waitFor();
  await dialog.getByLabel('Address (URL)').fill('https://hooks.slack.com/services/T0/B0/secret');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Route on call is saved.').waitFor();
  assert.ok(!(await page.content()).includes('services/T0/B0/secret'));

  await page.getByRole('row', { name: /on call/ }).click();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('The test arrived after 42 ms.').waitFor();
  await page.getByText('The other side said: HTTP 200 {"code":0}').waitFor();
});

test('why messages do not arrive is said in words, for the route and for each of them', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/notifications`);
  await page.getByRole('row', { name: /siem/ }).click();
  await page
    .getByText(/siem\.example\.com cannot be reached \(ECONNREFUSED\)/)
    .first()
    .waitFor();
  await page.getByRole('link', { name: 'All messages' }).last().click();
  await page.getByRole('heading', { level: 1, name: 'Messages' }).waitFor();
  await page.getByRole('row', { name: /Waiting.*Port scan.*aurora-web.*siem/ }).waitFor();
  assert.equal(await page.getByRole('row', { name: /soc/ }).count(), 0);
  assert.match(page.url(), /route=/);
});
