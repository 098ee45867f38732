import { createHash } from 'node:crypto';

/** What an image is made of: a name and the bytes or the text that decide it. */
export type Recipe = Readonly<Record<string, string | Uint8Array>>;

/** The same recipe gives the same key, in whatever order it was written; anything changed gives another. */
export function recipeKey(recipe: Recipe): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(recipe).toSorted()) {
    const part = createHash('sha256').update(recipe[name]!).digest('hex');
    hash.update(`${JSON.stringify(name)} ${part}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}
