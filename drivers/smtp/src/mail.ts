/** What is sent. Addresses have been checked: they hold neither spaces nor line ends nor angle brackets. */
export interface Mail {
  /** Without angle brackets; the same at every try, so that who gets it twice knows. */
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
}

/**
 * A mail as it goes over the wire (RFC 5322, MIME of RFC 2045 and 2047): plain text in UTF-8, in base64, so that no line is too
 * long and none begins with a full stop. RFC 3834: nobody's holiday answers it.
 */
export function mailOf({ id, from, to, subject, text, at }: Mail): string {
  const body = Buffer.from(text.replace(/\r?\n/g, '\r\n')).toString('base64');
  return [
    `Message-ID: <${id}>`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    `From: Hypervigil <${from}>`,
    `To: ${to.join(',\r\n ')}`,
    `Subject: ${encodedWords(subject)}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(/.{1,76}/g) ?? []),
    '',
  ].join('\r\n');
}

/** An encoded word is at most 75 characters long, and a character is in one of them whole (RFC 2047, 2 and 5). */
const WORD_BYTES = 45;

function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ');
}
