import { parseArgs } from 'node:util';
import { z } from 'zod';
import { EngineError } from './errors.ts';

const Port = z.string().regex(/^[^\s/]{1,15}$/, 'the name of a network interface, at most 15 characters');
const Directory = z.string().regex(/^\//, 'an absolute path');
const PlatformUrl = z.url({ protocol: /^https$/, error: 'an https:// address' });
const wholeNumber = (min: number, max: number) =>
  z.coerce.number(`a whole number from ${min} to ${max}`).int().min(min).max(max);

/** Name of the flag, and the schema with its default; the variable is `HV_` and the flag in capitals. */
const options = {
  'libvirt-uri': z.string().min(1).max(500).default('qemu:///system'),
  'ovsdb-socket': Directory.default('/var/run/openvswitch/db.sock'),
  'ovs-run-dir': Directory.default('/var/run/openvswitch'),
  bridge: Port.default('br-int'),
  /** The port towards the other hosts; without it VMs talk on this host only. */
  uplink: Port.optional(),
  /** libvirt's address at which other hosts reach this one, such as `qemu+tls://kvm1/system`. */
  'migration-uri': z.string().min(1).max(255).optional(),
  /** Whether guests' memory may leave this host unencrypted. */
  'migration-tls': z.enum(['required', 'off']).default('required'),
  /**
   * How often packets of established connections are counted, of 65535; first packets and denied ones always are.
   * One in a hundred costs nothing that `bench dataplane` can see; every one takes a fifth of the throughput.
   */
  'established-samples': wholeNumber(0, 65_535).default(655),
  /** The folder of the gateway image that this host starts gateways from, and its builder's public key (PEM). */
  'gateway-image': Directory.optional(),
  'gateway-key': Directory.optional(),
  /** Where gateways' control sockets are. */
  'gateway-run-dir': Directory.default('/run'),
  /** `kvm`, or `qemu` where the processor's virtualization cannot be used. */
  'gateway-domain': z.enum(['kvm', 'qemu']).default('kvm'),
  'state-dir': Directory.default('/var/lib/hypervigil/engine'),
  'spool-mib': wholeNumber(1, 1_000_000).default(256),
  'inventory-minutes': wholeNumber(1, 1440).default(10),
  'log-level': z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  platform: PlatformUrl.optional(),
  token: z.string().min(10).max(200).optional(),
  /** SHA-256 of the platform's authority in hexadecimal, with or without colons and `sha256:`. */
  'ca-fingerprint': z
    .string()
    .transform((text) =>
      text
        .toLowerCase()
        .replace(/^sha-?256:/, '')
        .replaceAll(':', ''),
    )
    .pipe(z.string().regex(/^[0-9a-f]{64}$/, 'the SHA-256 of a certificate, 64 hexadecimal digits'))
    .optional(),
} as const;

type Option = keyof typeof options;

export interface EngineConfig {
  readonly libvirtUri: string;
  readonly ovsdbSocket: string;
  readonly ovsRunDir: string;
  readonly bridge: string;
  readonly uplink: string | null;
  readonly migrationUri: string | null;
  readonly migrationTls: boolean;
  readonly establishedProbability: number;
  /** Null when this host has none. */
  readonly gatewayImage: { readonly dir: string; readonly key: string } | null;
  readonly gatewayRunDir: string;
  readonly gatewayDomain: 'kvm' | 'qemu';
  readonly stateDir: string;
  readonly spoolLimitBytes: number;
  readonly inventoryIntervalMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

export interface JoinConfig {
  readonly platform: string;
  readonly token: string;
  readonly caFingerprint: string;
  readonly stateDir: string;
}

export type Command =
  | { readonly name: 'run'; readonly config: EngineConfig }
  | { readonly name: 'join'; readonly join: JoinConfig }
  | { readonly name: 'release' };

/** Reads `run` (the default), `join` or `release` with flags before environment. Throws `bad-config` with every mistake. */
export function parseCommand(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Command {
  const problems: string[] = [];
  const flags = readFlags(args, problems);
  const name = flags.positionals[0] ?? 'run';
  if (!['run', 'join', 'release'].includes(name) || flags.positionals.length > 1)
    problems.push(`${flags.positionals.join(' ')}: say run, join or release`);

  const read = <K extends Option>(option: K): z.output<(typeof options)[K]> => {
    const variable = `HV_${option.toUpperCase().replaceAll('-', '_')}`;
    const [source, text] =
      flags.values[option] === undefined ? [variable, env[variable]] : [`--${option}`, flags.values[option]];
    const parsed = options[option].safeParse(text === '' ? undefined : text);
    if (!parsed.success) problems.push(`${source}: ${parsed.error.issues.map(({ message }) => message).join(', ')}`);
    return parsed.data as z.output<(typeof options)[K]>;
  };
  const required = <K extends Option>(option: K): NonNullable<z.output<(typeof options)[K]>> => {
    const before = problems.length;
    const value = read(option);
    if (value === undefined && problems.length === before) problems.push(`--${option}: is missing`);
    return value as NonNullable<typeof value>;
  };

  const gatewayImage = (): EngineConfig['gatewayImage'] => {
    const dir = read('gateway-image');
    const key = read('gateway-key');
    if ((dir === undefined) !== (key === undefined)) problems.push('--gateway-image, --gateway-key: give both or none');
    return dir === undefined || key === undefined ? null : { dir, key };
  };

  if (name === 'release' && problems.length === 0) return Object.freeze({ name });
  const command: Command =
    name === 'join'
      ? {
          name,
          join: Object.freeze({
            platform: required('platform'),
            token: required('token'),
            caFingerprint: required('ca-fingerprint'),
            stateDir: required('state-dir'),
          }),
        }
      : {
          name: 'run',
          config: Object.freeze({
            libvirtUri: required('libvirt-uri'),
            ovsdbSocket: required('ovsdb-socket'),
            ovsRunDir: required('ovs-run-dir'),
            bridge: required('bridge'),
            uplink: read('uplink') ?? null,
            migrationUri: read('migration-uri') ?? null,
            migrationTls: required('migration-tls') === 'required',
            establishedProbability: required('established-samples'),
            gatewayImage: gatewayImage(),
            gatewayRunDir: required('gateway-run-dir'),
            gatewayDomain: required('gateway-domain'),
            stateDir: required('state-dir'),
            spoolLimitBytes: required('spool-mib') * 1024 * 1024,
            inventoryIntervalMs: required('inventory-minutes') * 60_000,
            logLevel: required('log-level'),
          }),
        };
  if (problems.length > 0) throw new EngineError('bad-config', problems.join('\n'));
  return Object.freeze(command);
}

interface Flags {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly positionals: readonly string[];
}

function readFlags(args: readonly string[], problems: string[]): Flags {
  const { tokens } = parseArgs({ args: [...args], strict: false, tokens: true, options: stringOptions() });
  const values: Record<string, string> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (!(token.name in options)) problems.push(`--${token.name}: there is no such flag`);
    else if (token.value === undefined) problems.push(`--${token.name}: needs a value`);
    else values[token.name] = token.value;
  }
  return { values, positionals };
}

function stringOptions(): Record<string, { type: 'string' }> {
  return Object.fromEntries(Object.keys(options).map((name) => [name, { type: 'string' }]));
}
