/** Words of gateways, feeds and guests, as a fact of an alert takes them: what no text can hold is made harmless. */
export const wordOf = (what: string): string =>
  what
    .slice(0, 64)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '\u{fffd}');
