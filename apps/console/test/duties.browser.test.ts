import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { uuid } from './fake-platform/make.ts';
import { violations } from './support/axe.ts';
import { type Opened, openConsole } from './support/browser.ts';
import { personOf } from './support/people.ts';
import { SCREENS } from './support/screens.ts';

// What the console offers to somebody, the platform permits: every page is walked under the policies of core/authz, and
// everything on it that can be pressed is pressed.

const MEMBER = personOf('tenant-member', uuid('tenant', 1));
const PEOPLE = [
  { who: 'an auditor', somebody: personOf('audit', null), least: 30 },
  { who: "a tenant's member", somebody: MEMBER, least: 30 },
  {
    who: 'a member with a part of the tenant',
    somebody: personOf('tenant-member', uuid('tenant', 1), [uuid('group', 1)]),
    least: 20,
  },
] as const;

const usable = ':not([aria-disabled="true"]):not(:disabled)';
/** Not what only shows more, sorts or filters: it asks the platform for nothing but what the page shows. */
const BUTTONS = `main :is(button${usable}, a[href*="do="]):not(th button, [role="tab"], .hv-fold, .hv-drag-handle, .hv-toolbar button)`;
const ITEMS = `[role="menu"] [role="menuitem"]${usable}`;
const SUBMIT = `[role="dialog"] button[type="submit"]${usable}`;

/** Until nothing that was asked for is under way any more, and what came is drawn. */
async function settle({ page, fake }: Opened): Promise<void> {
  const deadline = performance.now() + 30_000;
  const isDrawn = () =>
    page.evaluate(async () => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      return (
        document.querySelector('main[aria-busy="false"]') !== null && document.querySelector('.hv-loading') === null
      );
    });
  while (!(await isDrawn()) || fake.underWay > 0)
    assert.ok(performance.now() < deadline, `${page.url()} does not come to rest`);
}

/** As by a link: the page is another one, and the console the same. */
async function visit(opened: Opened, path: string): Promise<void> {
  await opened.page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  }, path);
  await settle(opened);
}

/** What can be seen of some elements, by name. */
const namesOf = (page: Page, selector: string) =>
  page.evaluate(
    (css) =>
      [...document.querySelectorAll<HTMLElement>(css)]
        .filter((one) => one.checkVisibility())
        .map((one) => one.ariaLabel ?? one.textContent ?? ''),
    selector,
  );

/** Presses one of them, in one step: what a page that lives has taken away by then is not pressed. */
async function press(opened: Opened, selector: string, at: number): Promise<boolean> {
  const isPressed = await opened.page.evaluate(
    ([css, index]) => {
      const found = [...document.querySelectorAll<HTMLElement>(css)].filter((one) => one.checkVisibility()).at(index);
      found?.click();
      return found !== undefined;
    },
    [selector, at] as const,
  );
  await settle(opened);
  return isPressed;
}

/** Closes what is open over the page, and what it was told of. */
async function leave({ page }: Opened): Promise<void> {
  for (let n = 0; n < 3 && (await page.getByRole('dialog').or(page.getByRole('menu')).count()) > 0; n++)
    await page.keyboard.press('Escape');
  await page.evaluate(() => {
    for (const close of document.querySelectorAll<HTMLElement>('.pf-v6-c-alert-group .pf-v6-c-alert__action button'))
      close.click();
  });
}

const alike = (name: string) => name.replace(/:.*/, '').replace(/\d+/g, '#');

/** Everything that can be pressed on a page, each from the page as it is opened; of what is alike, one. */
async function pressAll(opened: Opened, path: string, pressed: Set<string>): Promise<void> {
  const { page } = opened;
  const before = page.url();
  const names = await namesOf(page, BUTTONS);
  const choices = new Map(names.map((name, index) => [alike(name), index]));
  for (const [name, index] of choices) {
    if (!(await press(opened, BUTTONS, index))) continue;
    pressed.add(`${path} ${name}`);
    for (const [at, item] of (await namesOf(page, ITEMS)).entries()) {
      if (at > 0) await press(opened, BUTTONS, index);
      if (await press(opened, ITEMS, at)) pressed.add(`${path} ${name} ${item}`);
      if (await press(opened, SUBMIT, -1)) pressed.add(`${path} ${name} ${item}, and does it`);
      await leave(opened);
      if (page.url() !== before) await visit(opened, path);
    }
    if (await press(opened, SUBMIT, -1)) pressed.add(`${path} ${name}, and does it`);
    await leave(opened);
    if (page.url() !== before || (await namesOf(page, BUTTONS)).length !== names.length) await visit(opened, path);
  }
}

/** Alerts that say that something failed, and what is wider than the page. */
const faults = (page: Page) =>
  page.evaluate(() => [
    ...[...document.querySelectorAll('.pf-v6-c-alert.pf-m-danger')].map(({ textContent }) => textContent),
    ...['html', '#main'].flatMap((name) => {
      const { scrollWidth, clientWidth } = document.querySelector(name)!;
      return scrollWidth > clientWidth ? [`${name} is ${scrollWidth - clientWidth} px too wide`] : [];
    }),
  ]);

/** Every page, from the console's first. */
async function walk(opened: Opened, onPage: (path: string) => Promise<void>): Promise<void> {
  await opened.page.goto(opened.url);
  await settle(opened);
  for (const { path } of SCREENS) {
    await visit(opened, path);
    await onPage(path);
  }
}

test('nobody is offered what the platform refuses, on any page', async (t) => {
  await using opened = await openConsole();
  const { page, fake } = opened;
  for (const { who, somebody, least } of PEOPLE) {
    fake.signIn(somebody);
    const found: string[] = [];
    const pressed = new Set<string>();
    await walk(opened, async (path) => {
      for (const fault of await faults(page)) found.push(`${path}: ${fault}`);
      await leave(opened);
      await pressAll(opened, path, pressed);
    });
    found.push(...new Set(fake.state.governor?.refused));
    t.diagnostic(`${who} pressed ${pressed.size} different things`);
    assert.deepEqual(found, [], who);
    assert.ok(pressed.size >= least, [...pressed].join('\n'));
  }
});

test('every page is as accessible in a narrow window at night, and no wider than it', async () => {
  await using opened = await openConsole({ width: 400, theme: 'dark' });
  const found: string[] = [];
  await walk(opened, async (path) => {
    for (const fault of [...(await faults(opened.page)), ...(await violations(opened.page))])
      found.push(`${path}: ${fault}`);
  });
  assert.deepEqual([...found, ...opened.complaints], []);
});

test('the walk finds what is offered and refused', async () => {
  await using opened = await openConsole({}, { person: PEOPLE[0].somebody });
  const { governor } = opened.fake.state;
  const real = governor!.rights();
  // A platform that says too much of what she may.
  governor!.rights = () => ({
    may: [...real.may, 'group:write'],
    mayNot: real.mayNot.filter(({ permission }) => permission !== 'group:write'),
  });
  await opened.page.goto(opened.url);
  await settle(opened);
  const path = `/groups?id=${uuid('group', 1)}`;
  await visit(opened, path);
  await pressAll(opened, path, new Set());
  assert.ok(governor!.refused.length > 0);
});

test('what one may see nothing of is not in the navigation, and its address says why', async () => {
  await using opened = await openConsole({}, { person: MEMBER });
  const { page, url, fake } = opened;
  await page.goto(`${url}/hosts`);
  await page.getByRole('heading', { level: 1, name: 'Not part of your duty' }).waitFor();
  await page.getByText('This is for the people of the provider.').waitFor();
  const entries = await page.getByRole('navigation').getByRole('link').allTextContents();
  for (const hidden of ['Hosts', 'Audit', 'Reachability', 'People']) assert.ok(!entries.includes(hidden), hidden);
  assert.ok(entries.includes('VMs') && entries.includes('Rules'), entries.join());
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('host');
  assert.equal(await page.getByRole('option', { name: 'Hosts' }).count(), 0);
  assert.deepEqual(fake.state.governor?.refused, []);
});

test('an address that opens a dialog says why to those who may not use it', async () => {
  await using opened = await openConsole({}, { person: PEOPLE[0].somebody });
  const { page, url, fake } = opened;
  await page.goto(url);
  await settle(opened);
  const asked = [
    ...['address-sets', 'assertions', 'gateways', 'groups', 'limits', 'mirrors', 'networks', 'people', 'policy']
      .concat('schedules', 'services', 'tenants')
      .map((name) => `/${name}?do=create`),
    ...['/address-sets?do=create-threat', '/hosts?do=enrol', '/people?do=approvals'],
  ];
  for (const path of asked) {
    await visit(opened, path);
    await page.getByRole('heading', { name: 'Not part of your duty' }).waitFor();
    assert.equal(await page.locator('[role="dialog"] form').count(), 0, path);
  }
  await page.getByRole('button', { name: 'Close' }).last().click();
  await page.waitForURL((now) => !now.searchParams.has('do'));
  fake.signIn(MEMBER);
  await page.goto(`${url}/policy?do=create&tier=platform`);
  await page.getByRole('dialog').getByText('Tenants write policies in the tenant tier only').waitFor();
});
