import { SmtpError } from './errors.ts';

/** A reply of one line or more (RFC 5321, 4.2.1). */
export interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

const MAX_LINE = 2048;
const MAX_LINES = 100;
const LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/;

/**
 * Takes what a server sends, in whatever pieces, and gives the replies that are whole.
 * @returns a function that throws SmtpError `not-smtp` for what is no reply, or one without end
 */
export function createReplyReader(): (piece: Buffer) => Reply[] {
  let rest = '';
  let lines: string[] = [];
  let begun: number | undefined;
  return (piece) => {
    rest += piece.toString('latin1');
    const replies: Reply[] = [];
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end).replace(/\r$/, '');
      rest = rest.slice(end + 1);
      const [, digits, more, text = ''] = LINE.exec(line) ?? [];
      const code = Number(digits);
      if (digits === undefined || line.length > MAX_LINE || (begun ?? code) !== code || lines.length === MAX_LINES)
        throw new SmtpError('not-smtp', shown(line));
      begun = code;
      lines.push(shown(text));
      if (more === '-') continue;
      replies.push({ code, lines });
      lines = [];
      begun = undefined;
    }
    if (rest.length > MAX_LINE) throw new SmtpError('not-smtp', shown(rest));
    return replies;
  };
}

/** A reply as one line for people. */
export const replyText = ({ code, lines }: Reply): string => `${code} ${lines.join(' ')}`.trim().slice(0, 1000);

/** Servers speak UTF-8, if not ASCII. */
const shown = (latin1: string): string =>
  Buffer.from(latin1, 'latin1')
    .toString()
    .slice(0, 1000)
    .replace(/\p{Cc}/gu, '�');
