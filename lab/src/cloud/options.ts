import { parseArgs } from 'node:util';

/** What a person asked of `hv up`, `hv down` or `hv verify`. */
export interface CloudOptions {
  readonly mode: 'lab' | 'connect' | 'platform';
  /** libvirt's address in mode `connect`. */
  readonly uri: string | null;
  readonly id: string;
  readonly httpPort: number;
  readonly json: boolean;
  /** Also remove what a platform without a lab has stored. */
  readonly purge: boolean;
  readonly only: readonly string[];
  /** Of `hv verify`: the suite of the distribution whose Suricata gateways have; null where they have none. */
  readonly signatures: string | null;
}

/** A call that cannot be followed, and nothing was begun; `code` names the sentence. */
export class UsageError extends Error {
  readonly code: 'bad-flags' | 'one-mode' | 'bad-port' | 'no-libvirt';
  constructor(code: UsageError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
    this.code = code;
  }
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        connect: { type: 'string' },
        platform: { type: 'boolean', default: false },
        id: { type: 'string' },
        port: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
        signatures: { type: 'string' },
        json: { type: 'boolean', default: false },
        purge: { type: 'boolean', default: false },
        // Read by the launcher and by messagesFor; here so that they are not refused.
        yes: { type: 'boolean' },
        lang: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new UsageError('bad-flags', (cause as Error).message, { cause });
  }
}

/** `hv verify` plays in a cloud of its own, so that one that is up is left in peace. */
export const VERIFY_DEFAULTS = { id: 'hvverify', port: '18090' };

export function readOptions(
  args: readonly string[],
  defaults = { id: process.env['HV_LAB_ID'] ?? 'hv', port: '8080' },
): CloudOptions {
  const flags = { ...readFlags(args) };
  flags.id ??= defaults.id;
  flags.port ??= defaults.port;
  if (flags.connect !== undefined && flags.platform) throw new UsageError('one-mode', '--connect, --platform');
  const httpPort = Number(flags.port);
  if (!Number.isInteger(httpPort) || httpPort < 1 || httpPort > 65_535) throw new UsageError('bad-port', flags.port);
  return {
    mode: flags.connect !== undefined ? 'connect' : flags.platform ? 'platform' : 'lab',
    uri: flags.connect ?? null,
    id: flags.id,
    httpPort,
    json: flags.json,
    purge: flags.purge,
    only: flags.only,
    signatures: flags.signatures ?? null,
  };
}
