import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { api, createClient } from '@hypervigil/contract';
import { hostUrn } from '../src/ca/issue.ts';
import { openVault } from '../src/ca/key-file.ts';
import type { RunningPlatform } from '../src/index.ts';
import {
  codeIs,
  connectEngine,
  createRequest,
  enrol,
  openSocket,
  postTls,
  query,
  type Scratch,
  signInFirst,
  startTestCloud,
  startTestPlatform,
  type TestPerson,
} from '../src/testing/index.ts';

describe('enrolment and certificates', () => {
  let scratch: Scratch;
  let platform: RunningPlatform;
  let person: TestPerson;
  let stop: () => Promise<void>;
  let databaseUrl: string;
  before(async () => {
    ({ scratch, databaseUrl, platform, person, stop } = await startTestCloud('enrolment'));
  });
  after(async () => {
    await stop();
  });
  const rowsOf = async (text: string, values: unknown[] = []) => (await query(databaseUrl, text, values)).rows;
  const joinWith = async (token: string, csr?: string) =>
    postTls(platform, '/api/v1/engine/enrol', { token, csr: csr ?? (await createRequest()).csr });
  const codeOf = (answer: { body: unknown }) => (answer.body as { code: string }).code;

  it('gives the line that enrols a host, and its certificate says who it is', async () => {
    const created = await person.client.createEnrolment({ body: { hostName: 'h1' } });
    assert.match(created.command, /^hv engine join --platform https:\S+ --ca-fingerprint [0-9a-f]{64} --token hv-\S+$/);
    assert.equal(
      created.caFingerprint,
      new X509Certificate(platform.caPem).fingerprint256.replaceAll(':', '').toLowerCase(),
    );
    const { status, body } = await joinWith(created.token);
    assert.equal(status, 201);
    const { hostId, certificate, ca } = body as { hostId: string; certificate: string; ca: string };
    const parsed = new X509Certificate(certificate);
    assert.ok(parsed.checkIssued(new X509Certificate(ca)));
    assert.equal(parsed.subject, `CN=${hostId}`);
    assert.equal(parsed.subjectAltName, `URI:${hostUrn(hostId)}`);
    const { items } = await person.client.listEnrolments({ query: {} });
    assert.ok(items.find(({ id }) => id === created.id)?.usedAt);
    await assert.rejects(person.client.createEnrolment({ body: { hostName: 'h1' } }), codeIs('name-taken'));
  });

  it('refuses a token that was used, has expired, or never was, and records it', async () => {
    const created = await person.client.createEnrolment({ body: { hostName: 'h2' } });
    assert.equal((await joinWith(created.token, 'x'.repeat(200))).status, 400, 'a bad request spends no token');
    assert.equal((await joinWith(created.token)).status, 201);
    assert.deepEqual(codeOf(await joinWith(created.token)), 'token-used');
    assert.deepEqual(codeOf(await joinWith('hv-never-was-a-token')), 'token-invalid');
    const late = await person.client.createEnrolment({ body: { hostName: 'h3' } });
    await rowsOf(`update enrolments set expires_at = now() - interval '1 second' where id = $1`, [late.id]);
    assert.deepEqual(codeOf(await joinWith(late.token)), 'token-expired');
    const { items } = await person.client.listAudit({ query: { q: 'host.enrol' } });
    const refused = items.filter(({ outcome }) => outcome === 'refused').map(({ params }) => params['code']);
    assert.deepEqual(new Set(refused), new Set(['token-used', 'token-invalid', 'token-expired']));
  });

  it('lets one of many that come at once with a token in', async () => {
    const { token } = await person.client.createEnrolment({ body: { hostName: 'h4' } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => joinWith(token)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 403, 403, 403, 403, 403, 403, 403]);
  });

  it('keeps no token, password, session or key that could be used', async () => {
    const { token } = await person.client.createEnrolment({ body: { hostName: 'h5' } });
    const dump = JSON.stringify([
      await rowsOf('select * from enrolments'),
      await rowsOf('select * from sessions'),
      await rowsOf('select * from users'),
      await rowsOf('select certificate from authority'),
      await rowsOf('select * from audit'),
    ]);
    const secret = person.cookie.split('=')[1]!;
    for (const text of [token, secret, 'PRIVATE KEY']) assert.ok(!dump.includes(text));
    assert.equal((await stat(join(scratch.dir, 'enrolment', 'platform.key'))).mode & 0o777, 0o600);
    assert.equal((await stat(join(scratch.dir, 'enrolment', 'flows'))).mode & 0o777, 0o700);
    await assert.rejects(readFile(platform.firstPasswordFile), { code: 'ENOENT' }, 'forgotten once it was changed');
    const vault = await openVault(join(scratch.dir, 'enrolment'));
    const other = await openVault(scratch.dir);
    assert.deepEqual(vault.open(vault.seal(Buffer.from('key'))), Buffer.from('key'));
    assert.throws(() => other.open(vault.seal(Buffer.from('key'))), { code: 'bad-key-file' });
  });

  it('renews a certificate for who shows one, and for nobody else', async () => {
    const credentials = await enrol(platform, person, 'h6');
    const { csr, key } = await createRequest();
    assert.equal((await postTls(platform, '/api/v1/engine/renew', { csr })).status, 401);
    const renewed = await postTls(platform, '/api/v1/engine/renew', { csr }, credentials);
    assert.equal(renewed.status, 200);
    const { certificate } = renewed.body as { certificate: string };
    const engine = await connectEngine(platform, { ...credentials, key, cert: certificate });
    assert.equal((await engine.expect('welcome')).hostId, credentials.hostId);
    engine.close();
  });

  it('takes no certificate of another authority, and none that it does not remember', async () => {
    const other = await startTestPlatform(scratch, 'other');
    const foreign = await enrol(other, await signInFirst(other), 'h1');
    await other.stop();
    await assert.rejects(openSocket(platform, { ...foreign, ca: platform.caPem }), /401/);
    const credentials = await enrol(platform, person, 'h7');
    await rowsOf('delete from certificates where host_id = $1', [credentials.hostId]);
    await assert.rejects(openSocket(platform, credentials), /401/);
  });

  it('answers on its socket without a password, on loopback only under its own name', async () => {
    const local = createClient(api, (path, init) => overSocket(platform.adminSocket, path, init));
    assert.equal((await local.getSession()).user.name, 'local');
    assert.equal((await stat(platform.adminSocket)).mode & 0o777, 0o600);
    const rebound = await overSocket(undefined, '/api/v1/session', {}, platform.httpUrl);
    assert.equal(rebound.status, 403);
  });
});

/** A request with a name of our choice in `Host`, which fetch would not let us choose. */
function overSocket(socketPath: string | undefined, path: string, init: RequestInit, base?: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const where = base === undefined ? { socketPath } : { host: '127.0.0.1', port: new URL(base).port };
    const host = base === undefined ? 'localhost' : 'evil.example';
    const call = request({ ...where, path, method: init.method ?? 'GET', headers: { host } }, (answer) => {
      const status = answer.statusCode ?? 0;
      resolve(answer.toArray().then((chunks) => new Response(chunks.join(''), { status })));
    });
    call.once('error', reject);
    call.end();
  });
}
