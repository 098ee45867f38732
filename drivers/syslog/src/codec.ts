/** Security and authorization messages (RFC 5424, table 1). */
const FACILITY = 10;

export interface SyslogMessage {
  /** 0 (emergency) to 7 (debug). */
  readonly severity: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly at: Date;
  readonly host: string;
  readonly app: string;
  /** What kind of message it is. */
  readonly type: string;
  readonly text: string;
}

/** A message of RFC 5424 with its length before it (RFC 5425, 4.3; RFC 6587, 3.4.1). It has no structured data. */
export function syslogFrame({ severity, at, host, app, type, text }: SyslogMessage): Buffer {
  const header = [
    `<${FACILITY * 8 + severity}>1`,
    at.toISOString(),
    word(host, 255),
    word(app, 48),
    '-',
    word(type, 32),
    '-',
  ].join(' ');
  const message = Buffer.from(`${header} ${text}`);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

/** PRINTUSASCII without spaces, or the sign for nothing. */
const word = (text: string, longest: number): string => text.replace(/[^\x21-\x7e]/g, '').slice(0, longest) || '-';
