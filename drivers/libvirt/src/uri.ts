import { existsSync } from 'node:fs';
import { LibvirtError } from './errors.ts';

export type Transport =
  | { kind: 'unix'; path: string }
  | { kind: 'tcp'; host: string; port: number }
  | { kind: 'tls'; host: string; port: number; pkiPath: string; verify: boolean };

export interface ConnectionTarget {
  transport: Transport;
  /** The URI that the daemon is asked to open: the same without what only concerns the way to it. */
  driverUri: string;
}

export interface UriEnvironment {
  runDir: string;
  /** The user's runtime directory, for `session` URIs. */
  userRunDir: string;
  exists(path: string): boolean;
}

const TCP_PORT = 16_509;
const TLS_PORT = 16_514;
/** Parameters that libvirt's remote driver takes for itself (remote_driver.c, doRemoteOpen). */
const OWN_PARAMETERS = [
  'name',
  'command',
  'socket',
  'auth',
  'pkipath',
  'mode',
  'proxy',
  'no_verify',
  'no_sanity',
  'no_tty',
  'tls_priority',
  'keyfile',
  'sshauth',
  'netcat',
  'known_hosts',
  'known_hosts_verify',
];

/**
 * Reads a libvirt connection URI (https://libvirt.org/uri.html): `driver[+transport]://[host][:port]/path[?extra]`.
 * The transport is `unix` without a host and `tls` with one. Throws `bad-uri` with what to write instead.
 */
export function parseLibvirtUri(
  text: string,
  options: { readOnly?: boolean } = {},
  environment: UriEnvironment = systemEnvironment(),
): ConnectionTarget {
  const match = /^([a-z][a-z0-9.-]*)(?:\+([a-z0-9]+))?:\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/i.exec(text);
  if (!match) throw bad(text, 'write it like qemu:///system or qemu+tls://host/system');
  const [, driver, named, authority = '', path = '/', query = ''] = match;
  const parameters = new URLSearchParams(query);
  const kind = named?.toLowerCase() ?? (authority === '' ? 'unix' : 'tls');
  return {
    transport: transportOf(text, kind, driver!.toLowerCase(), authority, path, parameters, {
      ...options,
      ...environment,
    }),
    driverUri: parameters.get('name') ?? driverUriOf(driver!, path, parameters),
  };
}

function transportOf(
  text: string,
  kind: string,
  driver: string,
  authority: string,
  path: string,
  parameters: URLSearchParams,
  options: UriEnvironment & { readOnly?: boolean },
): Transport {
  switch (kind) {
    case 'unix':
      if (authority !== '') throw bad(text, 'a unix socket has no host: leave it out, or use +tls');
      return { kind, path: parameters.get('socket') ?? socketPath(driver, path, parameters.get('mode'), options) };
    case 'tcp':
      return { kind, ...hostAndPort(text, authority, TCP_PORT) };
    case 'tls':
      return {
        kind,
        ...hostAndPort(text, authority, TLS_PORT),
        pkiPath: parameters.get('pkipath') ?? '/etc/pki',
        verify: !/^[1-9]/.test(parameters.get('no_verify') ?? '0'),
      };
    default:
      throw bad(text, `the transport "${kind}" is not supported: use unix, tls or tcp`);
  }
}

/** libvirtd's socket, or that of the driver's own daemon (virtqemud, …) where libvirt runs as modular daemons. */
function socketPath(
  driver: string,
  path: string,
  mode: string | null,
  { readOnly, runDir, userRunDir, exists }: UriEnvironment & { readOnly?: boolean },
): string {
  const session = path === '/session';
  const name = (daemon: string) =>
    session ? `${userRunDir}/libvirt/${daemon}-sock` : `${runDir}/libvirt/${daemon}-${readOnly ? 'sock-ro' : 'sock'}`;
  const direct = name(`virt${driver}d`);
  const legacy = name('libvirt');
  if (mode === 'direct') return direct;
  if (mode === 'legacy') return legacy;
  return exists(direct) && !exists(legacy) ? direct : legacy;
}

function hostAndPort(text: string, authority: string, defaultPort: number): { host: string; port: number } {
  const match = /^(?:[^@]*@)?(\[[0-9a-f:.%]+\]|[^:[\]]+)(?::(\d+))?$/i.exec(authority);
  if (!match) throw bad(text, 'write the host like name, name:port or [address]:port');
  const port = match[2] === undefined ? defaultPort : Number(match[2]);
  if (port < 1 || port > 65_535) throw bad(text, `${port} is no port`);
  return { host: match[1]!.replace(/^\[|\]$/g, ''), port };
}

function driverUriOf(driver: string, path: string, parameters: URLSearchParams): string {
  const kept = new URLSearchParams(parameters);
  for (const name of OWN_PARAMETERS) kept.delete(name);
  const query = kept.size > 0 ? `?${kept}` : '';
  return `${driver}://${path}${query}`;
}

function systemEnvironment(): UriEnvironment {
  return {
    runDir: '/var/run',
    userRunDir: process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 0}`,
    exists: existsSync,
  };
}

function bad(text: string, hint: string): LibvirtError {
  return new LibvirtError('bad-uri', `the libvirt address "${text}" cannot be used: ${hint}`);
}
