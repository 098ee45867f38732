import { existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import { runOk } from '../run.ts';

export const authorityOf = (lab: Lab) => join(lab.dir, 'authority');

/**
 * A small authority for the lab's hosts: libvirt's TLS between hosts, and QEMU's TLS during migration.
 * Names of files as libvirt (`pkipath=`) and QEMU (`tls-creds-x509`, dir=) look for them.
 */
export async function ensureAuthority(lab: Lab): Promise<void> {
  const dir = authorityOf(lab);
  if (existsSync(join(dir, 'ca-cert.pem'))) return;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const made = join(dir, 'ca-cert.pem.new');
  await runOk([
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650'],
    ...['-subj', '/CN=Hypervigil lab authority', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ...['-keyout', join(dir, 'ca-key.pem'), '-out', made],
  ]);
  renameSync(made, join(dir, 'ca-cert.pem'));
}

/** One certificate for a host in both roles, signed by the lab's authority. */
export async function ensureHostCertificate(
  authority: string,
  dir: string,
  host: string,
  address: string,
): Promise<void> {
  if (existsSync(join(dir, 'ca-cert.pem'))) return;
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const key = join(dir, 'key.pem');
  const certificate = join(dir, 'cert.pem');
  await runOk([
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650'],
    ...['-CA', join(authority, 'ca-cert.pem'), '-CAkey', join(authority, 'ca-key.pem'), '-subj', `/CN=${host}`],
    ...['-addext', `subjectAltName=DNS:${host},IP:${address}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
    ...[
      '-addext',
      'keyUsage=critical,digitalSignature,keyEncipherment',
      '-addext',
      'extendedKeyUsage=serverAuth,clientAuth',
    ],
    ...['-keyout', key, '-out', certificate],
  ]);
  // QEMU reads its key itself, as the user that libvirt runs it as on Debian and Ubuntu.
  await runOk(['chown', 'libvirt-qemu', key]);
  for (const name of ['server', 'client']) {
    for (const [kind, file] of [
      ['cert', 'cert.pem'],
      ['key', 'key.pem'],
    ] as const) {
      symlinkSync(file, join(dir, `${name}${kind}.pem`));
      symlinkSync(file, join(dir, `${name}-${kind}.pem`));
    }
  }
  await runOk(['cp', join(authority, 'ca-cert.pem'), join(dir, 'cacert.pem')]);
  symlinkSync('cacert.pem', join(dir, 'ca-cert.pem'));
}
