import {
  type Bandwidth,
  type ConnectionRate,
  LIMIT_VALUES,
  type Limit,
  type LimitValues,
  type NetworkLimitValues,
} from '@hypervigil/model';

const KBIT_PER_MBIT = 1000;

/** One value as it is typed; empty is no limit. */
export function textOfLimit(value: Bandwidth | ConnectionRate | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  return String('kbps' in value ? value.kbps / KBIT_PER_MBIT : value.perSecond);
}

export const isLimitText = (text: string): boolean => text.trim() === '' || Number(text) > 0;

/** What is typed as bandwidth. Bursts are given through the API alone: that of `before` stays while the rate does. */
export function bandwidthOf(text: string, before: Bandwidth | null | undefined): Bandwidth | null {
  if (text.trim() === '') return null;
  const kbps = Math.round(Number(text) * KBIT_PER_MBIT);
  return { kbps, burstKbit: before?.kbps === kbps ? before.burstKbit : null };
}

/** The same of connections a second. */
export function connectionRateOf(text: string, before: ConnectionRate | null | undefined): ConnectionRate | null {
  if (text.trim() === '') return null;
  const perSecond = Number(text);
  return { perSecond, burst: before?.perSecond === perSecond ? before.burst : null };
}

export const countOf = (text: string): number | null => (text.trim() === '' ? null : Number(text));

type AllValues = LimitValues & NetworkLimitValues;

/** What is typed, by kind. */
export type LimitTexts = Readonly<Record<keyof AllValues, string>>;

export const textsOf = (limit: AllValues | undefined): LimitTexts => ({
  bandwidthOut: textOfLimit(limit?.bandwidthOut),
  bandwidthIn: textOfLimit(limit?.bandwidthIn),
  newOut: textOfLimit(limit?.newOut),
  newIn: textOfLimit(limit?.newIn),
  open: textOfLimit(limit?.open),
  networkOpen: textOfLimit(limit?.networkOpen),
});

/** Kinds whose text is no number above zero. */
export const badKinds = (texts: LimitTexts): readonly (keyof AllValues)[] =>
  LIMIT_VALUES.filter((kind) => !isLimitText(texts[kind]));

export const valuesOf = (texts: LimitTexts, before: Limit | undefined): AllValues => ({
  bandwidthOut: bandwidthOf(texts.bandwidthOut, before?.bandwidthOut),
  bandwidthIn: bandwidthOf(texts.bandwidthIn, before?.bandwidthIn),
  newOut: connectionRateOf(texts.newOut, before?.newOut),
  newIn: connectionRateOf(texts.newIn, before?.newIn),
  open: countOf(texts.open),
  networkOpen: countOf(texts.networkOpen),
});
