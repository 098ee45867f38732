import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SmtpError, type SmtpOptions, sendMail } from '../src/index.ts';

const PROGRAM = fileURLToPath(new URL('../testdata/aiosmtpd-server.py', import.meta.url));
type Mode = SmtpOptions['security'];

describe('mail to a real server', { skip: process.env['HV_REAL'] !== '1' }, () => {
  let folder: string;
  let ca: string;
  const [certificate, key] = ['cert.pem', 'key.pem'];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hv-smtp-'));
    await promisify(execFile)(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
      ],
      { cwd: folder },
    );
    ca = await readFile(join(folder, certificate), 'utf8');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function serve(mode: Mode) {
    const child = spawn('/usr/bin/python3', ['-W', 'ignore', PROGRAM, mode, certificate, key], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => String((await lines.next()).value);
    const port = Number(await next());
    return {
      connect: async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      },
      taken: async () => JSON.parse(await next()) as { from: string; to: string[]; tls: boolean; content: string },
      async [Symbol.asyncDispose]() {
        child.kill();
        await once(child, 'exit');
      },
    };
  }

  const mail = {
    ...{ id: 'a@hv.example', from: 'hv@hv.example', to: ['soc@example.com', 'b@example.com'], at: new Date(0) },
    ...{ subject: '新告警：端口扫描', text: '第一行\n.\nlast line\n' },
  };
  const options = (security: Mode, change: Partial<SmtpOptions> = {}): SmtpOptions => ({
    ...{ name: 'hv.example', security, tls: { host: 'localhost', servername: 'localhost', ca } },
    account: security === 'none' ? null : { username: 'hv', password: 'geheim ü' },
    ...change,
  });
  const codeIs =
    (code: string, answer = /^/) =>
    (error: unknown) =>
      error instanceof SmtpError && error.code === code && answer.test(error.answer);

  for (const mode of ['starttls', 'tls', 'none'] as const)
    it(`is taken as it was written (${mode})`, async () => {
      await using server = await serve(mode);
      assert.equal(await sendMail(await server.connect(), mail, options(mode)), '250 2.0.0 taken as 4711');
      const { from, to, tls, content } = await server.taken();
      assert.deepEqual([from, to, tls], [mail.from, mail.to, mode !== 'none']);
      const [head = '', body = ''] = content.split('\r\n\r\n');
      assert.ok(head.includes(`=?utf-8?B?${Buffer.from(mail.subject).toString('base64')}?=`));
      assert.equal(Buffer.from(body, 'base64').toString(), mail.text.replaceAll('\n', '\r\n'));
    });

  it('is refused with the words of the server', async () => {
    await using server = await serve('starttls');
    const wrong = options('starttls', { account: { username: 'hv', password: 'wrong' } });
    await assert.rejects(sendMail(await server.connect(), mail, wrong), codeIs('refused', /^535 /));
    const nobody = { ...mail, to: ['nobody@example.com'] };
    await assert.rejects(
      sendMail(await server.connect(), nobody, options('starttls')),
      codeIs('refused', /^550 5\.1\.1 no such mailbox here$/),
    );
  });

  it('goes to nobody whose certificate is not to be trusted, and in the clear to nobody who should have TLS', async () => {
    await using server = await serve('starttls');
    const distrusting = options('starttls', { tls: { host: 'localhost', servername: 'localhost' } });
    await assert.rejects(sendMail(await server.connect(), mail, distrusting), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const other = options('starttls', { tls: { host: 'mx.example', servername: 'mx.example', ca } });
    await assert.rejects(sendMail(await server.connect(), mail, other), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    await using plain = await serve('none');
    await assert.rejects(sendMail(await plain.connect(), mail, options('starttls')), codeIs('no-starttls'));
  });
});
