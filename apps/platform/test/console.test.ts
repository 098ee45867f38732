import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import Fastify, { type FastifyInstance } from 'fastify';
import { serveConsole } from '../src/http/console.ts';
import { answerErrors } from '../src/http/error-answers.ts';

describe('the console', () => {
  let dir: string;
  let app: FastifyInstance;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hv-'));
    await mkdir(join(dir, 'dist', 'assets'), { recursive: true });
    await writeFile(join(dir, 'dist', 'index.html'), '<title>console</title>');
    await writeFile(join(dir, 'dist', 'assets', 'main-4f2a.js'), 'export {};');
    await writeFile(join(dir, 'secret'), 'nobody may read this');
    app = Fastify();
    answerErrors(app);
    await serveConsole(app, join(dir, 'dist'));
  });
  after(async () => {
    await app.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('is a page at every address that is neither a file nor the API', async () => {
    for (const url of ['/', '/vms', '/vms/00000000-0000-4000-8000-000000000001?tab=flows']) {
      const page = await app.inject(url);
      assert.deepEqual(
        [page.statusCode, page.body, page.headers['cache-control']],
        [200, '<title>console</title>', 'no-cache'],
      );
    }
  });

  it('lets browsers keep files whose names carry a hash', async () => {
    const file = await app.inject('/assets/main-4f2a.js');
    assert.equal(file.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.match(String(file.headers['content-type']), /javascript/);
  });

  it('gives nothing else away', async () => {
    for (const url of [
      '/api/v1/nothing',
      '/assets/none.js',
      '/../secret',
      '/%2e%2e/secret',
      '/assets/..%2f..%2f..%2fsecret',
    ]) {
      const answer = await app.inject(url);
      assert.ok(!answer.body.includes('nobody may read'), url);
      assert.notEqual(answer.body, 'export {};');
    }
    assert.equal((await app.inject('/api/v1/nothing')).json().code, 'no-such-address');
  });

  it('says what is missing when it was not built', async () => {
    await assert.rejects(serveConsole(Fastify(), dir), { code: 'bad-config' });
  });
});
