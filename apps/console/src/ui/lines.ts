/** Text areas hold one value a line; blank lines are nothing. */
export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export const writeTags = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');

/** `key=value` lines, or the number of the first line that is none. */
export function parseTags(text: string): { readonly tags: Record<string, string> } | { readonly badLine: number } {
  const tags: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at = line.indexOf('=');
    const key = line.slice(0, at).trim();
    if (at < 1 || key === '') return { badLine: index + 1 };
    tags[key] = line.slice(at + 1).trim();
  }
  return { tags };
}
