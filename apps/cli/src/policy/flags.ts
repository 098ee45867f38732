import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CliError } from '../errors.ts';

/** Flags that every command of hv takes. */
const COMMON = {
  url: { type: 'string' },
  ca: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Options = NonNullable<ParseArgsConfig['options']>;

/** @throws CliError that names the flag which is unknown, lacks its value, or the words too many */
export function parseFlags<const T extends Options>(args: readonly string[], options: T, words = 0) {
  const config = { args: [...args], options: { ...COMMON, ...options }, strict: true, allowPositionals: true } as const;
  try {
    const { values, positionals } = parseArgs(config);
    if (positionals.length > words) throw new CliError('too-many-words', { words: positionals.slice(words).join(' ') });
    return { values, positionals };
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const [, flag = ''] = message.match(/'(?:-\w, )?--?([\w-]+)/) ?? [];
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new CliError('flag-needs-value', { flag }, { cause: error });
    const known = Object.keys(config.options)
      .map((one) => `--${one}`)
      .join(' ');
    throw new CliError('unknown-flag', { flag, known }, { cause: error });
  }
}

/** The flags that say where the platform is. */
export function connectionFlags(values: {
  readonly url?: string | undefined;
  readonly ca?: string | undefined;
}): Record<string, string> {
  return {
    ...(values.url === undefined ? {} : { url: values.url }),
    ...(values.ca === undefined ? {} : { ca: values.ca }),
  };
}
