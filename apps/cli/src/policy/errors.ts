import { type DocumentMistake, mistakeText } from '@hypervigil/interchange';
import type { Messages } from '../messages/index.ts';

/** A file that is not what it should be. */
export class FileMistakes extends Error {
  readonly file: string;
  readonly mistakes: readonly DocumentMistake[];
  constructor(file: string, mistakes: readonly DocumentMistake[]) {
    super(`${file}: ${mistakes.length} mistakes`);
    this.name = 'FileMistakes';
    this.file = file;
    this.mistakes = mistakes;
  }
}

/** `policy.yaml:12:5: policies.0.order: This must be a number.`, one line each, as compilers say it. */
export const explainMistakes = ({ file, mistakes }: FileMistakes, { language }: Messages): string =>
  mistakes
    .map((mistake) => {
      const field = mistake.field === '' ? '' : ` ${mistake.field}:`;
      return `${file}:${mistake.line}:${mistake.column}:${field} ${mistakeText(language, mistake)}`;
    })
    .join('\n');
