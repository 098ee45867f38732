/** Configuration files of a host's libvirt. Pure: text out of values. */

export interface LibvirtdConfig {
  readonly hostUuid: string;
  readonly listenAddress: string;
  readonly pki: string;
}

/** libvirtd.conf: the socket for root only, TLS with client certificates of the lab's hosts, no plain TCP. */
export function libvirtdConf({ hostUuid, listenAddress, pki }: LibvirtdConfig): string {
  return [
    `host_uuid = "${hostUuid}"`,
    'auth_unix_ro = "none"',
    'auth_unix_rw = "none"',
    'unix_sock_ro_perms = "0700"',
    'unix_sock_rw_perms = "0700"',
    'listen_tls = 1',
    'listen_tcp = 0',
    `listen_addr = "${listenAddress}"`,
    `ca_file = "${pki}/cacert.pem"`,
    `cert_file = "${pki}/servercert.pem"`,
    `key_file = "${pki}/serverkey.pem"`,
    'log_outputs = "2:file:/var/log/libvirt/libvirtd.log"',
    '',
  ].join('\n');
}

/**
 * qemu.conf: migration data goes through TLS, verified on both sides. No AppArmor or SELinux profiles: libvirt writes
 * them below the machine's /etc, where a lab that is taken down must leave nothing.
 */
export function qemuConf(pki: string): string {
  return [
    'security_driver = "none"',
    `migrate_tls_x509_cert_dir = "${pki}"`,
    'migrate_tls_x509_verify = 1',
    'max_core = 0',
    '',
  ].join('\n');
}

export function hostsFile(entries: readonly { readonly name: string; readonly address: string }[]): string {
  return ['127.0.0.1 localhost', ...entries.map((e) => `${e.address} ${e.name}`), ''].join('\n');
}
