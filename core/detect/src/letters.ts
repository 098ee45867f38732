const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Uint8Array(128);
for (const [value, letter] of Array.from(DIGITS).entries()) VALUES[letter.charCodeAt(0)] = value;

/** Six bits each: what is written down in letters takes half of what it takes in numbers. */
export const LETTER_BITS = 6;
export const MOST_IN_LETTER = DIGITS.length - 1;
/** Any number of letters. */
export const LETTERS = /^[A-Za-z0-9+/]*$/;

/** Of a number from 0 to 63. */
export const letterOf = (value: number): string => DIGITS[value]!;

/** What a letter of a text stands for; 0 beyond its end. */
export const valueAt = (text: string, at: number): number => (at < text.length ? VALUES[text.charCodeAt(at)]! : 0);

export const zeros = (count: number): string => DIGITS[0]!.repeat(count);

/** The text with another letter in one place. */
export const withValueAt = (text: string, at: number, value: number): string =>
  `${text.slice(0, at)}${letterOf(value)}${text.slice(at + 1)}`;
