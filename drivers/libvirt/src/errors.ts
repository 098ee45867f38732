/**
 * Every error that this package throws is a `LibvirtError`. `code` says which, for programs:
 * the names of `ErrorNumber` for errors that libvirt itself reported, and these for what happened before or around it.
 */
export type LocalErrorCode =
  | 'bad-uri'
  | 'bad-xml'
  | 'bad-message'
  | 'bad-argument'
  | 'cannot-connect'
  | 'tls-failed'
  | 'auth-unsupported'
  | 'auth-failed'
  | 'closed'
  | 'keepalive-timeout'
  | 'timeout'
  | 'aborted'
  | 'needs-descriptor-passing'
  | 'not-supported-by-host'
  | 'message-too-large';

/** Numbers of libvirt's `virErrorNumber` (virterror.h) that callers tell apart; the rest read `libvirt-error`. */
const REMOTE_CODES = {
  1: 'internal-error',
  3: 'not-supported-by-host',
  8: 'invalid-argument',
  9: 'operation-failed',
  27: 'xml-error',
  29: 'operation-denied',
  38: 'system-error',
  39: 'rpc-error',
  42: 'no-domain',
  43: 'no-network',
  45: 'auth-failed',
  49: 'no-storage-pool',
  50: 'no-storage-volume',
  55: 'operation-invalid',
  66: 'no-secret',
  67: 'config-unsupported',
  68: 'operation-timeout',
  72: 'no-snapshot',
  73: 'invalid-stream',
  74: 'argument-unsupported',
  78: 'operation-aborted',
  79: 'auth-cancelled',
  80: 'no-domain-metadata',
  81: 'migrate-unsafe',
  84: 'operation-unsupported',
  86: 'agent-unresponsive',
  87: 'resource-busy',
  88: 'access-denied',
  90: 'storage-volume-exists',
  91: 'cpu-incompatible',
  94: 'auth-unavailable',
  97: 'agent-unsynced',
  99: 'device-missing',
  103: 'no-checkpoint',
  110: 'multiple-domains',
  111: 'no-network-metadata',
  112: 'agent-command-timeout',
  113: 'agent-command-failed',
} as const satisfies Record<number, string>;

export type RemoteErrorCode = (typeof REMOTE_CODES)[keyof typeof REMOTE_CODES] | 'libvirt-error';
export type LibvirtErrorCode = LocalErrorCode | RemoteErrorCode;

export interface RemoteErrorDetail {
  /** `virErrorNumber`. */
  number: number;
  /** `virErrorDomain`: the part of libvirt that failed (7 is RPC, 10 is QEMU, 13 is the remote driver). */
  domain: number;
  /** `virErrorLevel`: 1 is a warning, 2 an error. */
  level: number;
}

export class LibvirtError extends Error {
  override readonly name = 'LibvirtError';
  readonly code: LibvirtErrorCode;
  /** Present when libvirt reported the error, absent when this package did. */
  readonly remote: RemoteErrorDetail | undefined;

  constructor(code: LibvirtErrorCode, message: string, options: { cause?: unknown; remote?: RemoteErrorDetail } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.remote = options.remote;
  }

  /** `virErrorDomain`, or 0 when libvirt did not report this error. */
  get domain(): number {
    return this.remote?.domain ?? 0;
  }
}

export function remoteErrorCode(number: number): RemoteErrorCode {
  return (REMOTE_CODES as Record<number, RemoteErrorCode>)[number] ?? 'libvirt-error';
}

export function isLibvirtError(error: unknown, ...codes: LibvirtErrorCode[]): error is LibvirtError {
  return error instanceof LibvirtError && (codes.length === 0 || codes.includes(error.code));
}

const NOT_FOUND: ReadonlySet<LibvirtErrorCode> = new Set<LibvirtErrorCode>([
  'no-domain',
  'no-network',
  'no-storage-pool',
  'no-storage-volume',
  'no-secret',
  'no-snapshot',
  'no-checkpoint',
  'no-domain-metadata',
  'no-network-metadata',
]);

/** True when the object that the call named does not exist (any more). */
export function isNotFound(error: unknown): error is LibvirtError {
  return error instanceof LibvirtError && NOT_FOUND.has(error.code);
}
