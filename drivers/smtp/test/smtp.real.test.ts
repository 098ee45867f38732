import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { SmtpError, type SmtpOptions, sendMail } from '../src/index.ts';
import { type MailServer, startMailServer } from '../src/testing/index.ts';

describe('mail to a real server', { skip: process.env['HV_REAL'] !== '1' }, () => {
  async function connectTo({ port }: MailServer) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }
  const mail = {
    ...{ id: 'a@hv.example', from: 'hv@hv.example', to: ['soc@example.com', 'b@example.com'], at: new Date(0) },
    ...{ subject: '新告警：端口扫描', text: '第一行\n.\nlast line\n' },
  };
  const options = (server: MailServer, security: SmtpOptions['security'], change: Partial<SmtpOptions> = {}) => ({
    ...{ name: 'hv.example', security, tls: { host: 'localhost', servername: 'localhost', ca: server.ca } },
    account: security === 'none' ? null : { username: 'hv', password: 'geheim ü' },
    ...change,
  });
  const codeIs =
    (code: string, answer = /^/) =>
    (error: unknown) =>
      error instanceof SmtpError && error.code === code && answer.test(error.answer);

  for (const mode of ['starttls', 'tls', 'none'] as const)
    it(`is taken as it was written (${mode})`, async () => {
      await using server = await startMailServer(mode);
      const answer = await sendMail(await connectTo(server), mail, options(server, mode));
      assert.equal(answer, '250 2.0.0 taken as 4711');
      const { from, to, tls, content } = await server.taken();
      assert.deepEqual([from, to, tls], [mail.from, mail.to, mode !== 'none']);
      const [head = '', body = ''] = content.split('\r\n\r\n');
      assert.ok(head.includes(`=?utf-8?B?${Buffer.from(mail.subject).toString('base64')}?=`));
      assert.equal(Buffer.from(body, 'base64').toString(), mail.text.replaceAll('\n', '\r\n'));
    });

  it('is refused with the words of the server', async () => {
    await using server = await startMailServer('starttls');
    const wrong = options(server, 'starttls', { account: { username: 'hv', password: 'wrong' } });
    await assert.rejects(sendMail(await connectTo(server), mail, wrong), codeIs('refused', /^535 /));
    const nobody = { ...mail, to: ['nobody@example.com'] };
    await assert.rejects(
      sendMail(await connectTo(server), nobody, options(server, 'starttls')),
      codeIs('refused', /^550 5\.1\.1 no such mailbox here$/),
    );
  });

  it('goes to nobody whose certificate is not to be trusted, and in the clear to nobody who should have TLS', async () => {
    await using server = await startMailServer('starttls');
    const distrusting = options(server, 'starttls', { tls: { host: 'localhost', servername: 'localhost' } });
    await assert.rejects(sendMail(await connectTo(server), mail, distrusting), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const other = options(server, 'starttls', { tls: { host: 'mx.example', servername: 'mx.example', ca: server.ca } });
    await assert.rejects(sendMail(await connectTo(server), mail, other), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    await using plain = await startMailServer('none');
    await assert.rejects(sendMail(await connectTo(plain), mail, options(plain, 'starttls')), codeIs('no-starttls'));
  });
});
