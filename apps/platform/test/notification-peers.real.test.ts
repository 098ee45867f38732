import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { NotificationSecrets, NotificationTarget } from '@hypervigil/model';
import { parseBlock } from '@hypervigil/policy';
import { startMailServer } from '@hypervigil/smtp/testing';
import { startSyslogServer } from '@hypervigil/syslog/testing';
import { startTestCloud, type TestCloud } from '../src/testing/index.ts';

describe('notification to real servers', { skip: process.env['HV_REAL'] !== '1' }, () => {
  let cloud: TestCloud;
  before(async () => {
    cloud = await startTestCloud('peers', { notificationNetworks: [parseBlock('127.0.0.0/8')!, parseBlock('::1')!] });
  });
  after(() => cloud?.stop());

  async function test(name: string, target: NotificationTarget, secrets: NotificationSecrets = {}) {
    const { client } = cloud.person;
    const { id } = await client.createNotificationRoute({ body: { name, target, secrets, language: 'zh-CN' } });
    return client.testNotificationRoute({ params: { id } });
  }

  for (const security of ['starttls', 'tls'] as const)
    it(`mail is taken, and the test says the server's words (${security})`, async () => {
      await using server = await startMailServer(security);
      const { port, ca } = server;
      const target = {
        ...{ kind: 'email' as const, host: 'localhost', port, security, ca, username: 'hv' },
        ...{ from: 'hv@example.com', to: ['soc@example.com'] },
      };
      const { ok, answer } = await test(`mail-${security}`, target, { password: 'geheim ü' });
      assert.deepEqual([ok, answer], [true, '250 2.0.0 taken as 4711']);
      const { from, to, tls, content } = await server.taken();
      assert.deepEqual([from, to, tls], ['hv@example.com', ['soc@example.com'], true]);
      assert.match(Buffer.from(content.split('\r\n\r\n')[1]!, 'base64').toString(), /这是对路由 mail-/);

      const wrong = await test(`wrong-${security}`, target, { password: 'another' });
      assert.deepEqual([wrong.ok, wrong.problem?.code], [false, 'refused']);
      assert.match(wrong.answer ?? '', /^535 /);
      const distrusting = await test(`no-ca-${security}`, { ...target, ca: null }, { password: 'geheim ü' });
      assert.equal(distrusting.problem?.code, 'bad-certificate');
    });

  it('syslog is taken over TLS, and speaking TLS to one without is said in words', async () => {
    await using server = await startSyslogServer(true);
    const { port, ca } = server;
    const target = {
      kind: 'syslog' as const,
      host: 'localhost',
      port,
      security: 'tls' as const,
      ca,
      format: 'ocsf' as const,
    };
    assert.equal((await test('siem', target)).ok, true);
    const [taken] = await server.taken(1);
    const event = JSON.parse(taken!['msg']!) as { class_uid: number; metadata: { version: string } };
    assert.deepEqual([event.class_uid, event.metadata.version], [0, '1.3.0']);

    await using mail = await startMailServer('none');
    const { problem } = await test('not-tls', { ...target, port: mail.port });
    assert.equal(problem?.code, 'not-understood');
  });
});
