import { type Language, problemText } from '@hypervigil/contract';
import type { Reason } from '../importers/report.ts';
import type { DocumentMistake } from '../mistake.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';
import { zh } from './zh.ts';

const WORDS: Readonly<Record<Language, Words>> = { en, zh };

/** What is wrong and what to do, as a sentence that names neither the field nor the line. */
export function mistakeText(language: Language, { code, params }: Pick<DocumentMistake, 'code' | 'params'>): string {
  const sayings: Readonly<Record<string, (params: never) => string>> = WORDS[language].mistakes;
  const say = Object.hasOwn(sayings, code) ? sayings[code] : undefined;
  return say ? say(params as never) : problemText(language, { code, params, message: code });
}

/** Why something of a source is not as it was, as half a sentence. */
export function reasonText(language: Language, { code, params }: Reason): string {
  const say: (params: never) => string = WORDS[language].reasons[code];
  return say(params as never);
}
