import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { type Postgres, PostgresError, startPostgres } from '../src/index.ts';
import { scratch, until } from './temp.ts';

async function query(postgres: Postgres, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(postgres.connection);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a first start makes the data directory; a second one finds the rows of the first', async (t) => {
  const { start } = await scratch(t);
  const first = await start();
  await query(first, `create table note (text text); insert into note values ('你好')`);
  await first.stop();
  const second = await start();
  assert.deepEqual(await query(second, 'select text from note'), [{ text: '你好' }]);
});

test('the server is unprivileged, durable and reachable through its socket only', async (t) => {
  const { options, start } = await scratch(t);
  const postgres = await start();
  const settings = await query(
    postgres,
    `select current_setting('fsync') as fsync, current_setting('listen_addresses') as tcp,
      current_setting('synchronous_commit') as commit, current_setting('data_checksums') as checksums,
      current_setting('server_encoding') as encoding, current_database() as database`,
  );
  assert.deepEqual(settings, [
    { fsync: 'on', tcp: '', commit: 'on', checksums: 'on', encoding: 'UTF8', database: 'hypervigil' },
  ]);
  const status = await readFile(`/proc/${postgres.pid()}/status`, 'utf8');
  assert.doesNotMatch(status, /^Uid:\s+0\b/m);
  assert.match(status, /^CapEff:\s+0+$/m);
  assert.match(status, /^NoNewPrivs:\s+1$/m);
  assert.equal((await stat(options.runDir)).mode & 0o777, 0o700);
  assert.equal((await stat(options.dataDir)).mode & 0o777, 0o700);
});

test('rows that were acknowledged survive kill -9 of the server, which comes back by itself', async (t) => {
  const { start } = await scratch(t);
  const postgres = await start();
  await query(postgres, 'create table n (value int primary key)');
  const acknowledged: number[] = [];
  for (let life = 0; life < 3; life++) {
    const pid = postgres.pid()!;
    const client = new pg.Client(postgres.connection);
    client.on('error', () => undefined);
    await client.connect();
    const inserting = insertUntilCut(client, acknowledged);
    await until('some inserts', () => acknowledged.length >= (life + 1) * 100);
    process.kill(pid, 'SIGKILL');
    await inserting;
    await until('a new server', () => postgres.pid() !== null && postgres.pid() !== pid);
  }
  const found = new Set((await query(postgres, 'select value from n')).map((row) => row['value']));
  assert.deepEqual(
    acknowledged.filter((value) => !found.has(value)),
    [],
  );
});

async function insertUntilCut(client: pg.Client, acknowledged: number[]): Promise<void> {
  try {
    for (let value = (acknowledged.at(-1) ?? 0) + 2; ; value++) {
      await client.query('insert into n values ($1)', [value]);
      acknowledged.push(value);
    }
  } catch {
    await client.end().catch(() => undefined);
  }
}

test('a pid file that names a living process of someone else is taken over, and the process lives on', async (t) => {
  const { options, start } = await scratch(t);
  const first = await start();
  const pidFile = join(options.dataDir, 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  await first.stop();
  await writeFile(pidFile, [process.pid, ...lines.slice(1)].join('\n'));
  const second = await start();
  assert.deepEqual(await query(second, 'select 1 as one'), [{ one: 1 }]);
});

test('a data directory of another major version is refused with its number', async (t) => {
  const { options } = await scratch(t);
  await mkdir(options.dataDir);
  await writeFile(join(options.dataDir, 'PG_VERSION'), '15\n');
  await assert.rejects(
    startPostgres(options),
    (error) => error instanceof PostgresError && error.code === 'POSTGRES_OTHER_MAJOR' && error.message.includes('15'),
  );
});

test('a directory that holds something else is left alone', async (t) => {
  const { options } = await scratch(t);
  const dataDir = join(options.dataDir, '..');
  await writeFile(join(dataDir, 'letter.txt'), 'mine');
  await assert.rejects(startPostgres({ ...options, dataDir }), { code: 'POSTGRES_BAD_PATH' });
  assert.equal(await readFile(join(dataDir, 'letter.txt'), 'utf8'), 'mine');
});

test('a socket path that the kernel cannot hold is refused before anything is made', async (t) => {
  const { options } = await scratch(t);
  const runDir = join(options.runDir, 'x'.repeat(100));
  await assert.rejects(startPostgres({ ...options, runDir }), { code: 'POSTGRES_BAD_PATH' });
  await assert.rejects(stat(options.dataDir), { code: 'ENOENT' });
});

test('a server that will not start says why', async (t) => {
  const { options } = await scratch(t);
  await assert.rejects(startPostgres({ ...options, settings: { no_such_setting: '1' } }), (error: PostgresError) => {
    return error.code === 'POSTGRES_START_FAILED' && error.message.includes('no_such_setting');
  });
});
