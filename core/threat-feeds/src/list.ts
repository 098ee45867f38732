import type { Basket } from './harvest.ts';
import { linesOf } from './lines.ts';

/**
 * One entry on each line, as most lists are published. A comment begins with `#`, `;` or `//`; after white space or a comma
 * stands what is not the entry, such as a name or a date. A range may have spaces around its dash.
 */
export function readList(text: string, basket: Basket): void {
  for (const { line, number } of linesOf(text)) {
    const [entry = ''] = line.split(/[#;]|\/\//, 1);
    const ends = entry.split('-', 3).map((end) => end.trim());
    const [first = ''] = ends.join('-').split(/[\s,]/, 1);
    if (first !== '') basket.take(first, String(number));
  }
}
