/** Names of a catalogue that somebody may have meant, the likeliest first; none when nothing comes close. */
export function closest(name: string, catalogue: readonly string[], limit = 5): string[] {
  const wanted = plain(name);
  if (wanted === '') return [];
  // Of a short word not more than half may be wrong: `and` is no slip for `asn`.
  const farthest = Math.min(Math.max(2, wanted.length / 3), wanted.length / 2);
  return catalogue
    .map((one) => ({ one, away: distance(wanted, plain(one)) }))
    .filter(({ away }) => away <= farthest)
    .sort((a, b) => a.away - b.away)
    .slice(0, limit)
    .map(({ one }) => one);
}

/** Case and signs are what people get wrong first. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Edits from one to the other (Levenshtein); a beginning or a part of the other is near, whatever its length. */
function distance(a: string, b: string): number {
  if (a === b) return 0;
  if (a.length >= 3 && b.startsWith(a)) return 1;
  if (a.length >= 3 && b.includes(a)) return 1.5;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const above = row;
    row = [i + 1];
    for (let j = 0; j < b.length; j++)
      row.push(Math.min(above[j + 1]! + 1, row[j]! + 1, above[j]! + (b[j] === letter ? 0 : 1)));
  }
  return row.at(-1)!;
}
