import { en, type Messages } from './en.ts';
import { zh } from './zh.ts';

/** The reader's language: `--lang`, then the locale of the environment. */
export function messagesFor(lang: string | undefined, env: NodeJS.ProcessEnv): Messages {
  const locale = lang ?? env['HV_LANG'] ?? env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? 'en';
  return locale.startsWith('zh') ? zh : en;
}

export type { Messages };
