import type { Page } from 'playwright-core';

/** Opens the dialog of a rule from its menu. */
export async function editRule(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions: ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Edit rule' }).click();
}
