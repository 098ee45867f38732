import { LibvirtError } from '../errors.ts';
import * as remote from '../gen/remote.ts';
import type { CallOptions, Session } from '../session.ts';

/** Does what the daemon asks before it lets anyone in: nothing, or polkit, which judges the socket's peer by itself. */
export async function authenticate(session: Session, options: CallOptions): Promise<void> {
  const { types } = await session.call(remote.authList, undefined, options);
  if (types.length === 0 || types.includes(remote.authType.AUTH_NONE)) return;
  if (types.includes(remote.authType.AUTH_POLKIT)) {
    await session.call(remote.authPolkit, undefined, options);
    return;
  }
  const asked = types.includes(remote.authType.AUTH_SASL) ? 'SASL' : `authentication of type ${types.join(', ')}`;
  throw new LibvirtError(
    'auth-unsupported',
    `the daemon asks for ${asked}, which is not supported: connect by TLS with a client certificate or a unix socket`,
  );
}
