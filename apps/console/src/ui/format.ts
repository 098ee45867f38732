/** Numbers and times as people read them. Pure: the locale and the moment are arguments. */

/** An Intl object takes 50 µs to make, a cell of a table uses three: each is made once for its locale and shape. */
function once<O, F>(make: (locale: string, options: O) => F): (locale: string, options: O) => F {
  const made = new Map<string, F>();
  return (locale, options) => {
    const key = `${locale} ${JSON.stringify(options)}`;
    const format = made.get(key) ?? make(locale, options);
    made.set(key, format);
    return format;
  };
}
const numbers = once((locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options));
const times = once((locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options));
const spans = once((locale, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(locale, options));

const regions = once((locale, options: Intl.DisplayNamesOptions) => new Intl.DisplayNames(locale, options));

/** Of ISO 3166-1: `DE` is Germany, 德国; a code that nobody knows stays as it is. */
export const formatCountry = (code: string, locale: string) =>
  regions(locale, { type: 'region', fallback: 'code' }).of(code) ?? code;

/** As it is written everywhere, `AS64500 Example Carrier`. */
export const systemName = (asn: number, organisation: string | null | undefined): string =>
  [`AS${asn}`, organisation].filter(Boolean).join(' ');

const scaled = (value: number, base: number, units: readonly string[]): readonly [number, string] => {
  let size = value;
  let unit = 0;
  while (size >= base && unit < units.length - 1) {
    size /= base;
    unit++;
  }
  return [size, units[unit]!];
};

const digits = (value: number, unitless: boolean) => (unitless || value >= 100 ? 0 : value >= 10 ? 1 : 2);

function withUnit(locale: string, value: number, base: number, units: readonly string[]): string {
  const [size, unit] = scaled(value, base, units);
  const maximumFractionDigits = digits(size, unit === units[0]);
  return `${numbers(locale, { maximumFractionDigits }).format(size)} ${unit}`;
}

/** Bytes in binary units (IEC 80000-13), `1.5 MiB`. */
export const formatBytes = (bytes: number, locale: string) =>
  withUnit(locale, bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);

/** Bits a second in decimal units, as networks are sold, `1.5 Mbit/s`. */
export const formatRate = (bitsPerSecond: number, locale: string) =>
  withUnit(locale, bitsPerSecond, 1000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);

export const formatCount = (count: number, locale: string) => numbers(locale, {}).format(count);

/** A load: two digits after the point say enough. */
export const formatDecimal = (value: number, locale: string) =>
  numbers(locale, { maximumFractionDigits: 2 }).format(value);

/** `1.2k`, `1.2万`: for places with room for five characters. */
export const formatShort = (count: number, locale: string) =>
  numbers(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(count);

export const formatPercent = (ratio: number, locale: string) =>
  numbers(locale, { style: 'percent', maximumFractionDigits: ratio > 0.99 && ratio < 1 ? 2 : 0 }).format(
    // 9,999 of 10,000 is not 100 %
    ratio < 1 ? Math.min(ratio, 0.9999) : 1,
  );

/** A number and a Chinese word have a space between them, which Intl leaves out. */
const spaced = (text: string) => text.replace(/(?<=\d)(?=\p{Script=Han})/gu, ' ');

/** Date and time in the reader's zone, with the zone's name. A narrow column breaks it between the two. */
export function formatInstant(instant: string | number, locale: string): string {
  const at = new Date(instant);
  const date = times(locale, { dateStyle: 'medium' }).format(at);
  const zone = times(locale, { timeZoneName: 'short' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')!.value;
  const together = (text: string) => text.replaceAll(' ', '\u00a0');
  return `${together(date)} ${together(`${formatClock(at, locale)} ${zone}`)}`;
}

/** Time of day, for charts and narrow columns. */
export const formatClock = (instant: string | number | Date, locale: string) =>
  times(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(instant));

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** `3 minutes ago`; below five seconds it is `now`, because a clock that ticks in a list is noise. */
export function formatRelative(instant: string | number, now: number, locale: string): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  const format = spans(locale, { numeric: 'auto', style: 'short' });
  if (Math.abs(seconds) < 5) return format.format(0, 'second');
  const [unit, size] = STEPS.find(([, s]) => Math.abs(seconds) >= s) ?? ['second', 1];
  return spaced(format.format(Math.trunc(seconds / size), unit));
}

/** A length of time: `350 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(ms: number, locale: string): string {
  const unit = (value: number, name: string, fraction = 0) =>
    spaced(
      numbers(locale, {
        style: 'unit',
        unit: name,
        unitDisplay: 'short',
        maximumFractionDigits: fraction,
      }).format(value),
    );
  if (ms < 1000) return unit(Math.round(ms), 'millisecond');
  const seconds = ms / 1000;
  if (seconds < 60) return unit(seconds, 'second', seconds < 10 ? 1 : 0);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(unit(minutes, 'minute'), Math.floor(seconds % 60), (v) => unit(v, 'second'));
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return joined(unit(hours, 'hour'), minutes % 60, (v) => unit(v, 'minute'));
  return joined(unit(Math.floor(hours / 24), 'day'), hours % 24, (v) => unit(v, 'hour'));
}

const joined = (large: string, small: number, write: (value: number) => string) =>
  small === 0 ? large : `${large} ${write(small)}`;

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', 132: 'sctp' };

/** IANA protocol number to the name that people type. */
export const protocolName = (protocol: number) => PROTOCOLS[protocol] ?? `ip/${protocol}`;
export function protocolNumber(text: string): number | undefined {
  const named = Object.entries(PROTOCOLS).find(([, name]) => name === text.trim().toLowerCase());
  if (named !== undefined) return Number(named[0]);
  const number = /^(?:ip\/)?(\d{1,3})$/.exec(text.trim());
  return number !== null && Number(number[1]) <= 255 ? Number(number[1]) : undefined;
}

/** `tcp/443`; protocols without ports are their name only. */
export const serviceName = (protocol: number, port: number) =>
  protocol === 6 || protocol === 17 || protocol === 132 ? `${protocolName(protocol)}/${port}` : protocolName(protocol);

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;
/** The flags seen on a connection, by the bits of RFC 9293. */
export const tcpFlagNames = (flags: number) => FLAGS.filter((_, bit) => (flags & (1 << bit)) !== 0);
