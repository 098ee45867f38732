import { LibvirtError } from './errors.ts';
import * as remote from './gen/remote.ts';
import { composeLibvirt, type Libvirt } from './libvirt.ts';
import { authenticate } from './rpc/authentication.ts';
import { batchingOutbox, recordOutbox } from './rpc/outbox.ts';
import { type CallOptions, Session } from './session.ts';
import { openTransport } from './transport.ts';
import { parseLibvirtUri } from './uri.ts';

/** virConnectFlags. */
const VIR_CONNECT_RO = 1;
const CLOSE_TIMEOUT_MS = 2_000;

export interface ConnectOptions {
  /** Asks for a connection that cannot change anything. */
  readOnly?: boolean;
  /** Bounds connecting, authenticating and opening together; 10 seconds by default. Calls have their own limit. */
  timeoutMs?: number;
  /** Pings after so many seconds of silence, 5 by default; 0 never does. */
  keepAliveSeconds?: number;
  /** Gives connecting up; the connection that it made is not affected any more. */
  signal?: AbortSignal;
}

/**
 * Connects to a libvirt daemon, libvirtd 7 or newer or a modular one.
 *
 *     const libvirt = await connectLibvirt('qemu:///system');
 *     for (const domain of await libvirt.listDomains()) console.log(domain.name, await libvirt.domainState(domain));
 *     await libvirt.close();
 *
 * Rejects with `bad-uri`, `cannot-connect`, `tls-failed`, `auth-unsupported`, `auth-failed`, `timeout`, `aborted`, or
 * with what the daemon says against opening the URI.
 */
export async function connectLibvirt(uri: string, options: ConnectOptions = {}): Promise<Libvirt> {
  const { readOnly = false, timeoutMs = 10_000, keepAliveSeconds = 5, signal } = options;
  const target = parseLibvirtUri(uri, { readOnly });
  const limit = AbortSignal.timeout(timeoutMs);
  const stop = signal ? AbortSignal.any([signal, limit]) : limit;
  let session: Session | undefined;
  try {
    const outbox = target.transport.kind === 'tls' ? recordOutbox : batchingOutbox;
    session = new Session(await openTransport(target.transport, stop), { keepAliveSeconds, outbox });
    await open(session, target.driverUri, readOnly, { signal: stop });
    return composeLibvirt(session, { uri, isSecure: target.transport.kind !== 'tcp', close: closer(session) });
  } catch (cause) {
    session?.close();
    if (signal?.aborted) throw new LibvirtError('aborted', `connecting to ${uri} was aborted`, { cause });
    if (limit.aborted) throw new LibvirtError('timeout', `${uri} did not answer within ${timeoutMs} ms`, { cause });
    throw cause;
  }
}

async function open(session: Session, name: string, readOnly: boolean, options: CallOptions): Promise<void> {
  await authenticate(session, options);
  await session.call(remote.connectOpen, { name, flags: readOnly ? VIR_CONNECT_RO : 0 }, options);
}

/** Says goodbye so that the daemon frees what the connection holds, but not for long. */
function closer(session: Session): () => Promise<void> {
  return async () => {
    await session.call(remote.connectClose, undefined, { timeoutMs: CLOSE_TIMEOUT_MS }).catch(() => undefined);
    session.close();
  };
}
