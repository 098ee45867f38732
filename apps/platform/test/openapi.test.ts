import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { api, openapi } from '@hypervigil/contract';
import { permissionsPage } from '../src/access/permissions-page.ts';
import { VERSION } from '../src/version.ts';

it('the committed OpenAPI document is what the platform serves (node apps/platform/src/openapi-main.ts)', async () => {
  const committed = await readFile(new URL('../../../docs/reference/openapi.json', import.meta.url), 'utf8');
  assert.deepEqual(JSON.parse(committed), JSON.parse(JSON.stringify(openapi(api, VERSION))));
});

it('the committed table of permissions is what the policies say (node apps/platform/src/permissions-main.ts)', async () => {
  const committed = await readFile(new URL('../../../docs/reference/permissions.md', import.meta.url), 'utf8');
  assert.equal(committed, permissionsPage());
});
