import { writeFile } from 'node:fs/promises';
import { permissionsPage } from './access/permissions-page.ts';

/** Writes docs/reference/permissions.md: who may call what, by the policies that decide it. */
await writeFile(new URL('../../../docs/reference/permissions.md', import.meta.url), permissionsPage());
