import { LIMIT_KINDS, type Limit, type LimitKind, type LimitValues } from '@hypervigil/model';

/** What is typed, by kind; empty is no limit. */
export type LimitTexts = Readonly<Record<LimitKind, string>>;

const KBIT_PER_MBIT = 1000;

export function textsOf(limit: LimitValues | undefined): LimitTexts {
  const text = (kind: LimitKind): string => {
    const value = limit?.[kind] ?? null;
    if (value === null) return '';
    if (typeof value === 'number') return String(value);
    return String('kbps' in value ? value.kbps / KBIT_PER_MBIT : value.perSecond);
  };
  return {
    bandwidthOut: text('bandwidthOut'),
    bandwidthIn: text('bandwidthIn'),
    newOut: text('newOut'),
    newIn: text('newIn'),
    open: text('open'),
  };
}

/** Kinds whose text is no number above zero. */
export const badKinds = (texts: LimitTexts): readonly LimitKind[] =>
  LIMIT_KINDS.filter((kind) => texts[kind].trim() !== '' && !(Number(texts[kind]) > 0));

/** The values that are typed. Bursts are given through the API alone: those of the limit stay while its rate does. */
export function valuesOf(texts: LimitTexts, before: Limit | undefined): LimitValues {
  const bandwidth = (kind: 'bandwidthOut' | 'bandwidthIn') => {
    if (texts[kind].trim() === '') return null;
    const kbps = Math.round(Number(texts[kind]) * KBIT_PER_MBIT);
    return { kbps, burstKbit: before?.[kind]?.kbps === kbps ? before[kind].burstKbit : null };
  };
  const connections = (kind: 'newOut' | 'newIn') => {
    if (texts[kind].trim() === '') return null;
    const perSecond = Number(texts[kind]);
    return { perSecond, burst: before?.[kind]?.perSecond === perSecond ? before[kind].burst : null };
  };
  return {
    bandwidthOut: bandwidth('bandwidthOut'),
    bandwidthIn: bandwidth('bandwidthIn'),
    newOut: connections('newOut'),
    newIn: connections('newIn'),
    open: texts.open.trim() === '' ? null : Number(texts.open),
  };
}
