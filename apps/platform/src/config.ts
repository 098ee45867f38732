import { parseArgs } from 'node:util';
import { parseBlock } from '@hypervigil/policy';
import { z } from 'zod';
import { StartError } from './errors.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['true', 'false', '1', '0']).transform((v) => v === 'true' || v === '1');
const list = z.string().transform((text) => text.split(',').flatMap((part) => part.trim() || []));

const blocks = list.transform((texts, context) =>
  texts.flatMap((text) => {
    const block = parseBlock(text);
    if (!block) context.addIssue(`${text} is not an address or a block such as 10.0.0.0/8`);
    return block ?? [];
  }),
);

/** Loopback only: without TLS a session cookie must not leave the machine. */
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
export const isLoopback = (host: string): boolean => LOOPBACK.includes(host) || host === '[::1]';

/**
 * Every setting: the flag `--https-port` is also the variable `HV_HTTPS_PORT`; a flag wins. `DATABASE_URL` is the one
 * variable without the prefix, since every tool calls it so.
 */
const Settings = z.object({
  /** Where the key file, the first password and the embedded stores lie. */
  'state-dir': z.string().min(1).default('/var/lib/hypervigil/platform'),
  /** Directory of the embedded PostgreSQL's socket. */
  'run-dir': z.string().min(1).default('/run/hypervigil/postgres'),
  /** A PostgreSQL server of the operator's; without it, the embedded one. */
  'database-url': z.string().optional(),
  /** A ClickHouse server for flows, with the database: `https://clickhouse.example:8443/hypervigil`; without it, a file of our own. */
  'clickhouse-url': z
    .url({ protocol: /^https?$/ })
    .refine(
      (text) => /^https?:\/\/[^@/?#]+\/[A-Za-z_]\w{0,62}$/.test(text),
      'is like https://host:8443/database, without a password',
    )
    .optional(),
  'clickhouse-user': z.string().min(1).default('default'),
  /** Files of its password, and of the certificates (PEM) to trust instead of the system's. */
  'clickhouse-password-file': z.string().min(1).optional(),
  'clickhouse-ca-file': z.string().min(1).optional(),
  'http-address': z
    .string()
    .default('127.0.0.1')
    .refine((a) => LOOPBACK.includes(a), 'plain HTTP is served on this machine only; use the HTTPS listener'),
  'http-port': port.default(8080),
  'https-address': z.string().default('0.0.0.0'),
  'https-port': port.default(8443),
  /** The address that engines and browsers use: `https://platform.example:8443`. Default: this machine's name. */
  'public-url': z.url({ protocol: /^https$/ }).optional(),
  /** More names and addresses that the server certificate is for. */
  'tls-names': list.default([]),
  /** Folder of the built console; without it only the API is served. */
  'console-dir': z.string().optional(),
  /** Give a VM to the tenant, and a vNIC to the network and addresses, that its metadata claims. A person's word wins. */
  'adopt-claims': flag.default(true),
  /** Also create the tenants and networks that metadata claims and nobody has created. Meant for labs. */
  'create-from-claims': flag.default(false),
  /** How long a VM that no host reports any more is still listed. */
  'gone-vm-hours': z.coerce
    .number()
    .positive()
    .default(24 * 7),
  'flow-retention-hours': z.coerce
    .number()
    .positive()
    .default(24 * 7),
  'flow-max-gib': z.coerce.number().positive().default(20),
  /** Files that tell the country and the autonomous system of addresses outside (MMDB), with commas between; what one does not say, the next may. */
  'mmdb-files': list.default([]),
  /** How long one analysis of policies may take. */
  'analysis-seconds': z.coerce.number().positive().max(3600).default(300),
  /** How much memory analyses may take, in MiB; 100,000 vNICs with 50,000 rules need about 2,000. */
  'analysis-mib': z.coerce.number().int().min(64).default(2048),
  /** Networks within which feeds of threat sets may lie; without it, only the internet. */
  'threat-feed-networks': blocks.default([]),
  /** Networks within which the provider's notifications may go; without it, only the internet. The same of tenants'. */
  'notification-networks': blocks.default([]),
  'tenant-notification-networks': blocks.default([]),
  'session-idle-minutes': z.coerce.number().positive().default(60),
  'session-hours': z.coerce.number().positive().default(12),
  'certificate-days': z.coerce.number().positive().default(30),
  'log-level': z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

type Camel<S extends string> = S extends `${infer A}-${infer B}` ? `${A}${Capitalize<Camel<B>>}` : S;
type Parsed = z.output<typeof Settings>;
export type Config = { readonly [K in keyof Parsed as Camel<K>]: Parsed[K] };
export type ConfigInput = Partial<Config>;

const NAMES = Object.keys(Settings.shape) as (keyof Parsed)[];
const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const variable = (name: string) =>
  name === 'database-url' ? 'DATABASE_URL' : `HV_${name.toUpperCase().replaceAll('-', '_')}`;

/**
 * Reads the whole configuration once.
 * @throws StartError `bad-config` that lists every mistake
 */
export function readConfig(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Config {
  const given = readFlags(argv);
  const values = Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = given[name] ?? env[variable(name)];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const parsed = Settings.safeParse(values);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `  --${name} (${variable(name)}): ${issue.message}`;
    });
    throw new StartError('bad-config', ['The configuration has mistakes:', ...mistakes].join('\n'));
  }
  return Object.freeze(Object.fromEntries(Object.entries(parsed.data).map(([k, v]) => [camel(k), v]))) as Config;
}

function readFlags(argv: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values as Record<string, string | undefined>;
  } catch (cause) {
    throw new StartError('bad-config', (cause as Error).message, { cause });
  }
}

/** The defaults, with what a test or another program sets. */
export function configOf(input: ConfigInput): Config {
  return Object.freeze({ ...readConfig([], {}), ...input });
}
