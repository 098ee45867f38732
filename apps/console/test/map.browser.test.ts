import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { uuid } from './fake-platform/make.ts';
import { demoVms } from './fake-platform/vms.ts';
import { openConsole } from './support/browser.ts';

test('what is chosen in the picture is what the table shows', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/map`);
  await page.getByText('400 rows').waitFor();
  await page.locator('.react-flow__node', { hasText: 'beichen-web' }).click();
  await page.waitForURL(/sel=/);
  await page.getByRole('complementary', { name: 'Details' }).getByText('Open page').waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('tbody tr[data-index]')].every((row) => row.textContent?.includes('beichen-web')),
  );
  await page.keyboard.press('Escape');
  await page.getByText('400 rows').waitFor();
});

test('filters narrow both, and stand in the address', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/map`);
  await page.getByText('400 rows').waitFor();
  const lines = () => page.locator('.react-flow__edge').count();
  const before = await lines();
  await page.keyboard.press('/');
  await page.keyboard.type('deny');
  await page.keyboard.press('Enter');
  await page.waitForURL(/verdict=deny/);
  await page.waitForFunction((n) => document.querySelectorAll('.react-flow__edge').length < n, before);
  assert.equal(
    await page.locator('.hv-link--allow .hv-link__line').count(),
    await page.locator('.hv-legend .hv-link--allow').count(),
  );
  await page.getByRole('button', { name: 'Remove filter Verdict' }).click();
  await page.getByText('400 rows').waitFor();
});

test('the picture fits again when VMs arrive, until somebody moves it', async () => {
  await using opened = await openConsole();
  const { page, url, fake } = opened;
  await page.goto(`${url}/map`);
  await page.locator('.react-flow__node', { hasText: 'aurora-web' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  const arrive = async (from: number, count: number) => {
    for (let n = from; n < from + count; n++)
      fake.state.addVm({ ...demoVms()[0]!, id: uuid('vm', n), name: `arrival-${n}` });
    await page.locator('.react-flow__node', { hasText: `arrival-${from + count - 1}` }).waitFor({ state: 'attached' });
  };
  await arrive(500, 8);
  await page.waitForFunction(() => {
    const stage = document.querySelector('.hv-map__stage')!.getBoundingClientRect();
    return [...document.querySelectorAll('.react-flow__node-container')].every((node) => {
      const box = node.getBoundingClientRect();
      return box.top >= stage.top && box.bottom <= stage.bottom && box.left >= stage.left && box.right <= stage.right;
    });
  });
  await page.getByRole('button', { name: 'Zoom in' }).click();
  const view = () =>
    page.locator('.react-flow__viewport').evaluate((element) => (element as HTMLElement).style.transform);
  await page.locator('.react-flow__node', { hasText: 'aurora-web' }).click({ trial: true }); // waits until it stands still
  const before = await view();
  await arrive(600, 8);
  assert.equal(await view(), before);
});

test('what somebody moved stays where they put it', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/map`);
  const title = page.locator('.react-flow__node-container', { hasText: 'kvm-02' }).locator('.hv-map-container__title');
  await title.click({ trial: true }); // waits until it stands still
  const box = (await title.boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 40, box.y + 60, { steps: 5 });
  await page.mouse.up();
  const stored = await page.evaluate(() => localStorage.getItem('hv.map.host'));
  assert.ok(Object.keys(JSON.parse(stored ?? '{}') as object).includes(uuid('host', 2)), stored ?? 'nothing stored');
});

test('the picture can be taken away', async () => {
  await using opened = await openConsole();
  const { page, url } = opened;
  await page.goto(`${url}/map`);
  await page.locator('.react-flow__node', { hasText: 'aurora-web' }).waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download PNG' }).click(),
  ]);
  const bytes = await readFile((await file.path())!);
  assert.deepEqual([...bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
  assert.ok(bytes.length > 10_000);
});
