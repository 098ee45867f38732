import { type CloudMessages, en } from './en.ts';
import { zh } from './zh.ts';

/** The reader's language: `--lang`, then the locale of the environment. */
export function cloudMessages(args: readonly string[], env: NodeJS.ProcessEnv): CloudMessages {
  const at = args.indexOf('--lang');
  const flag = args.find((a) => a.startsWith('--lang='))?.slice(7) ?? (at >= 0 ? args[at + 1] : undefined);
  const locale = flag ?? env['HV_LANG'] ?? env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? 'en';
  return locale.startsWith('zh') ? zh : en;
}

export type { CloudMessages };
