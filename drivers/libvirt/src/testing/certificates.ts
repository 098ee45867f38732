import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Makes a certificate authority with one certificate for `127.0.0.1` as server and one client certificate, all in
 * `folder` under the names that libvirt looks for in a `pkipath`. Needs the `openssl` program.
 */
export async function makePki(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  await run('openssl', [
    'req',
    '-x509',
    ...key,
    '-keyout',
    at('cakey.pem'),
    '-out',
    at('cacert.pem'),
    '-subj',
    '/CN=CA',
    '-days',
    '2',
  ]);
  for (const [name, usage] of [
    ['server', 'serverAuth'],
    ['client', 'clientAuth'],
  ] as const) {
    const extensions = at(`${name}.ext`);
    await writeFile(
      extensions,
      `subjectAltName=IP:127.0.0.1\nextendedKeyUsage=${usage}\nkeyUsage=digitalSignature,keyEncipherment\n`,
    );
    await run('openssl', [
      'req',
      ...key,
      '-keyout',
      at(`${name}key.pem`),
      '-out',
      at(`${name}.csr`),
      '-subj',
      `/CN=${name}`,
    ]);
    await run('openssl', [
      'x509',
      '-req',
      '-in',
      at(`${name}.csr`),
      '-CA',
      at('cacert.pem'),
      '-CAkey',
      at('cakey.pem'),
      '-days',
      '2',
      '-extfile',
      extensions,
      '-out',
      at(`${name}cert.pem`),
    ]);
  }
}
