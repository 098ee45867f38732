/** What a DNS message over UDP says (RFC 1035, section 4), as far as a log has use for it. */
export interface DnsMessage {
  readonly id: number;
  readonly isAnswer: boolean;
  /** Of its first question: more than one is nobody's use (RFC 9619). */
  readonly name: string;
  readonly type: number;
  /** RCODE of the header. */
  readonly code: number;
  /** Addresses and names that answer, in their order. */
  readonly answers: readonly string[];
}

export const DNS_PORT = 53;
const HEADER_BYTES = 12;
const MAX_NAME = 255;
const MAX_ANSWERS = 16;
const TYPE = { A: 1, CNAME: 5, AAAA: 28 } as const;
const IN = 1;

/** Undefined for what is no such message, or is cut short within its question. */
export function parseDns(bytes: Buffer): DnsMessage | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const [id, flags, questions, answers] = [0, 2, 4, 6].map((at) => bytes.readUInt16BE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const isQuery = (flags & 0x7800) === 0;
  const question = questions === 1 && isQuery ? readName(bytes, HEADER_BYTES) : undefined;
  if (question === undefined || question.end + 4 > bytes.length) return undefined;
  const isAnswer = (flags & 0x8000) !== 0;
  return {
    id,
    isAnswer,
    name: question.name,
    type: bytes.readUInt16BE(question.end),
    code: flags & 0xf,
    answers: isAnswer ? readAnswers(bytes, question.end + 4, Math.min(answers, MAX_ANSWERS)) : [],
  };
}

const LENGTH_BYTES = 2;

/** The messages that a segment of TCP holds, each behind its length (RFC 7766, 8); undefined in place of what is not whole. */
export function parseDnsOverTcp(bytes: Buffer): (DnsMessage | undefined)[] {
  const messages: (DnsMessage | undefined)[] = [];
  for (let at = 0; at < bytes.length; ) {
    const from = at + LENGTH_BYTES;
    at = bytes.length < from ? Number.POSITIVE_INFINITY : from + bytes.readUInt16BE(from - LENGTH_BYTES);
    messages.push(at > bytes.length ? undefined : parseDns(bytes.subarray(from, at)));
  }
  return messages;
}

function readAnswers(bytes: Buffer, from: number, count: number): string[] {
  const found: string[] = [];
  let at = from;
  for (let n = 0; n < count; n++) {
    const owner = readName(bytes, at);
    if (owner === undefined || owner.end + 10 > bytes.length) break;
    const [type, kind] = [bytes.readUInt16BE(owner.end), bytes.readUInt16BE(owner.end + 2)];
    const data = owner.end + 10;
    const end = data + bytes.readUInt16BE(owner.end + 8);
    if (end > bytes.length) break;
    const text = kind === IN ? answerText(bytes, type, data, end) : undefined;
    if (text !== undefined) found.push(text);
    at = end;
  }
  return found;
}

function answerText(bytes: Buffer, type: number, from: number, end: number): string | undefined {
  if (type === TYPE.A && end - from === 4) return [...bytes.subarray(from, end)].join('.');
  if (type === TYPE.AAAA && end - from === 16) {
    const groups = Array.from({ length: 8 }, (_, n) => bytes.readUInt16BE(from + 2 * n).toString(16));
    return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
  }
  return type === TYPE.CNAME ? readName(bytes, from)?.name : undefined;
}

/** A name, and where what follows it begins. Pointers only go back, so that none of them makes a circle. */
function readName(bytes: Buffer, from: number): { readonly name: string; readonly end: number } | undefined {
  const labels: string[] = [];
  let size = 0;
  let at = from;
  let end: number | undefined;
  let before = from;
  while (at < bytes.length) {
    const length = bytes[at]!;
    if (length === 0) return { name: labels.join('.') || '.', end: end ?? at + 1 };
    if (length >= 0xc0) {
      if (at + 2 > bytes.length) return undefined;
      end ??= at + 2;
      at = bytes.readUInt16BE(at) & 0x3fff;
      if (at >= before) return undefined;
      before = at;
      continue;
    }
    size += length + 1;
    if (length > 63 || at + 1 + length > bytes.length || size > MAX_NAME) return undefined;
    labels.push(printable(bytes.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return undefined;
}

/** Bytes of a label that are no ordinary letters are written as their numbers (RFC 4343, 2.1). */
const printable = (label: Buffer): string =>
  [...label]
    .map((byte) =>
      byte > 0x20 && byte < 0x7f && byte !== 0x2e ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`,
    )
    .join('');

/** Types and codes by name; others stay numbers (IANA, "Domain Name System (DNS) Parameters"). */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  43: 'DS',
  48: 'DNSKEY',
  64: 'SVCB',
  65: 'HTTPS',
  255: 'ANY',
};
const CODE_NAMES: Readonly<Record<number, string>> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
};
const MAX_TEXT = 1000;

/** In words of a log; there is no `code` when nobody answered. */
export function dnsDetails(said: {
  readonly type: number;
  readonly code: number | null;
  readonly answers: readonly string[];
}): Record<string, string> {
  const { type, code, answers } = said;
  return {
    type: TYPE_NAMES[type] ?? `TYPE${type}`,
    ...(code !== null && { code: CODE_NAMES[code] ?? `RCODE${code}` }),
    ...(answers.length > 0 && { answers: answers.join(' ').slice(0, MAX_TEXT) }),
  };
}
