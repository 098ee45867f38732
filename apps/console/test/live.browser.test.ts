import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid } from './fake-platform/make.ts';
import { demoVms } from './fake-platform/vms.ts';
import { openConsole } from './support/browser.ts';

const newVm = (n: number, name: string) => ({ ...demoVms()[0]!, id: uuid('vm', n), name });

test('a VM that appears, shows; one that dies, changes where it stands', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/vms`);
  await page.getByRole('link', { name: 'aurora-web' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  const started = performance.now();
  fake.state.addVm(newVm(77, 'newcomer'));
  await page.getByRole('link', { name: 'newcomer' }).waitFor();
  console.log(`# a VM appeared after ${Math.round(performance.now() - started)} ms`);
  fake.state.changeVm(uuid('vm', 1), { state: 'crashed' });
  await page.getByRole('row', { name: /aurora-web.*Crashed/ }).waitFor();
});

test('while the pointer is on the table, rows change but do not move', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/vms?sort=state`);
  await page.getByRole('link', { name: 'aurora-web' }).waitFor();
  const names = () => page.locator('tbody tr[data-index] td:nth-child(2)').allInnerTexts();
  const before = await names();
  await page.getByRole('link', { name: 'aurora-app' }).hover();
  fake.state.changeVm(uuid('vm', 1), { state: 'crashed' });
  fake.state.addVm(newVm(78, 'aaa-first'));
  await page.getByRole('link', { name: 'aaa-first' }).waitFor();
  assert.deepEqual(await names(), [...before, 'aaa-first']);
  await page.mouse.move(5, 400);
  await page.waitForFunction(
    () => document.querySelector('tbody tr[data-index] td:nth-child(2)')?.textContent === 'aurora-web',
  );
});

test('a pause holds changes back, and resuming shows them all', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/vms`);
  await page.getByRole('link', { name: 'aurora-web' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Pause live updates' }).click();
  fake.state.addVm(newVm(79, 'patient'));
  fake.state.addTask('vm.start', uuid('vm', 79), uuid('host', 1));
  await page.getByText('Paused', { exact: true }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'patient' }).count(), 0);
  await page.getByRole('button', { name: 'Resume live updates' }).click();
  await page.getByRole('link', { name: 'patient' }).waitFor();
});

test('after a cut the stream goes on where it was: nothing is missed', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/vms`);
  await page.getByText('Live', { exact: true }).waitFor();
  fake.state.addVm(newVm(80, 'before-the-cut'));
  await page.getByRole('link', { name: 'before-the-cut' }).waitFor();
  fake.events.close();
  fake.state.addVm(newVm(81, 'during-the-cut'));
  await page.getByRole('link', { name: 'during-the-cut' }).waitFor();
});

test('an action that is not possible says why; one that is, ends in a task', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/vms/${uuid('vm', 5)}`);
  await page.getByRole('button', { name: 'Actions', exact: true }).click();
  await page.getByRole('menuitem', { name: /Reboot/ }).waitFor();
  await page.getByText('Not possible while the VM is in state “Off”.').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('heading', { level: 1 }).locator('..').getByText('Running').waitFor();
  await page.goto(`${url}/tasks`);
  await page.getByRole('row', { name: /Done Start VM.*beichen-db/ }).waitFor();
});
