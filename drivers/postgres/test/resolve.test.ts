import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolvePostgres } from '../src/index.ts';

const embedded = { dataDir: '/nonexistent/data', runDir: '/nonexistent/run' };

test('DATABASE_URL is passed on, and no server is started', async () => {
  const databaseUrl = 'postgres://u:p@db.example:5432/hypervigil';
  const postgres = await resolvePostgres({ databaseUrl, embedded });
  assert.deepEqual(postgres.connection, { connectionString: databaseUrl });
  assert.equal(postgres.pid(), null);
  await postgres.stop();
});

test('a DATABASE_URL of something else is refused without repeating its password', async () => {
  await assert.rejects(resolvePostgres({ databaseUrl: 'mysql://u:geheim@db/x', embedded }), (error: Error) => {
    return !error.message.includes('geheim') && 'code' in error && error.code === 'POSTGRES_BAD_URL';
  });
});
