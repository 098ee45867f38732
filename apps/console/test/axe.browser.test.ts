import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { AWAITED } from './fake-platform/approval-handlers.ts';
import { violations } from './support/axe.ts';
import { openConsole } from './support/browser.ts';
import { SCREENS } from './support/screens.ts';

/** All that depends on colours: what else axe looks at is the same in every look, and colours are in every language. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
/** In high contrast also the stricter ratio of 7:1 (WCAG 2.2, 1.4.6). */
const OF_HIGH_CONTRAST = [...OF_COLOURS, 'color-contrast-enhanced'];
const OTHER_LOOKS = [
  { dark: true, high: false, rules: OF_COLOURS },
  { dark: false, high: true, rules: OF_HIGH_CONTRAST },
  { dark: true, high: true, rules: OF_HIGH_CONTRAST },
] as const;

/** As the reader's system asks for it; the page follows without being loaded again. */
async function look(page: Page, want: { readonly dark: boolean; readonly high: boolean }): Promise<void> {
  await page.emulateMedia({
    colorScheme: want.dark ? 'dark' : 'light',
    contrast: want.high ? 'more' : 'no-preference',
  });
  await page.waitForFunction(({ dark, high }) => {
    const { classList } = document.documentElement;
    const is = (name: string) => classList.contains(`pf-v6-theme-${name}`);
    return is('dark') === dark && is('high-contrast') === high;
  }, want);
  // The colours change over in a transition, however short.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
}

for (const { language, others } of [
  { language: 'en', others: OTHER_LOOKS },
  { language: 'zh-CN', others: [] },
] as const)
  test(`no accessibility violation and no complaint of the browser: ${language}`, async (t) => {
    await using opened = await openConsole({ theme: 'system', contrast: 'system', language });
    const { page } = opened;
    opened.fake.state.approvals = [AWAITED];
    for (const screen of SCREENS)
      await t.test(screen.name, async () => {
        await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' });
        await page.goto(opened.url + screen.path);
        await screen.ready(page, language);
        assert.deepEqual(await violations(page), []);
        for (const { rules, ...other } of others) {
          await look(page, other);
          assert.deepEqual(await violations(page, rules), [], JSON.stringify(other));
        }
      });
    assert.deepEqual(opened.complaints, []);
  });

test('sign-in is accessible too', async () => {
  await using opened = await openConsole({}, {}, false);
  await opened.page.goto(opened.url);
  await opened.page.getByRole('button', { name: 'Sign in' }).waitFor();
  assert.deepEqual(await violations(opened.page), []);
});
