/** What can go wrong between us and a mail server; a caller decides by `code`. Errors of the socket stay as they are. */
export type SmtpErrorCode =
  | 'refused' // it said no: `answer` is what it said
  | 'no-starttls' // it does not offer STARTTLS
  | 'no-sign-in' // it offers neither AUTH PLAIN nor AUTH LOGIN
  | 'not-smtp' // what it says is no reply
  | 'closed'; // it closed the connection before it had answered

export class SmtpError extends Error {
  override readonly name = 'SmtpError';
  readonly code: SmtpErrorCode;
  /** What the server said. */
  readonly answer: string;

  constructor(code: SmtpErrorCode, answer = '') {
    super(`${code}${answer === '' ? '' : `: ${answer}`}`);
    this.code = code;
    this.answer = answer;
  }
}
