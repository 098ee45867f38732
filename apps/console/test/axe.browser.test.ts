import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openConsole } from './support/browser.ts';
import { SCREENS } from './support/screens.ts';

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

async function violations(page: Page): Promise<string[]> {
  // By the debugger's way in, which the content security policy does not judge.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (where: Document) => Promise<{ violations: Violation[] }> } };
    return (await axe.run(document)).violations;
  });
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n  ${node.html.slice(0, 300)}\n  ${node.failureSummary ?? ''}`),
  );
}

for (const theme of ['light', 'dark'] as const)
  for (const language of ['en', 'zh-CN'] as const)
    test(`no accessibility violation, and no complaint of the browser: ${theme}, ${language}`, async (t) => {
      await using opened = await openConsole({ theme, language });
      for (const screen of SCREENS)
        await t.test(screen.name, async () => {
          await opened.page.goto(opened.url + screen.path);
          await screen.ready(opened.page, language);
          assert.deepEqual(await violations(opened.page), []);
        });
      assert.deepEqual(opened.complaints, []);
    });

test('sign-in is accessible too', async () => {
  await using opened = await openConsole({}, {}, false);
  await opened.page.goto(opened.url);
  await opened.page.getByRole('button', { name: 'Sign in' }).waitFor();
  assert.deepEqual(await violations(opened.page), []);
});
