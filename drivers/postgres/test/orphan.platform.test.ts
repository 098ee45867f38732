import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import pg from 'pg';
import { scratch, until } from './temp.ts';

test('when its owner is killed the server ends by itself, and the next owner starts at once', async (t) => {
  const { options, start } = await scratch(t);
  const owner = spawn(
    process.execPath,
    [join(import.meta.dirname, '../src/testing/owner.ts'), JSON.stringify(options)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = await once(createInterface({ input: owner.stdout }), 'line');
  const serverPid = Number(line);
  assert.ok(existsSync(`/proc/${serverPid}`));
  owner.kill('SIGKILL');
  const next = await start();
  await until('the old server to be gone', () => !existsSync(`/proc/${serverPid}`));
  const client = new pg.Client(next.connection);
  await client.connect();
  assert.deepEqual((await client.query('select 1 as one')).rows, [{ one: 1 }]);
  await client.end();
});
