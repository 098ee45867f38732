import { type BehaviourMeasure, HOURS_OF_WEEK, type Learning, type VmBehaviour } from '@hypervigil/model';
import { ago, HOUR } from './make.ts';

const DAY = 24 * HOUR;
const MIB = 1024 * 1024;
/** From what on the platform tells. */
const FROM: Readonly<Record<BehaviourMeasure, (usual: number) => number>> = {
  sent: (usual) => Math.max(4 * usual, usual + 2048 * MIB),
  'spoken-to': (usual) => Math.max(4 * usual, usual + 50),
  'sent-outside': (usual) => Math.max(2 * usual, 50 * MIB),
};
/** What a busy hour has. */
const BUSY: Readonly<Record<BehaviourMeasure, number>> = {
  sent: 900 * MIB,
  'spoken-to': 120,
  'sent-outside': 40 * MIB,
};

/** A VM that works by day and is known for so many days. */
export function behaviour(vmId: string, days: number): VmBehaviour {
  const hourMs = Math.floor(Date.now() / HOUR) * HOUR;
  const measure = (name: BehaviourMeasure, code: Learning['code'], takes: number): VmBehaviour['measures'][number] => {
    const at = (n: number) => hourMs - (HOURS_OF_WEEK - n) * HOUR;
    const amount = (ms: number) => {
      const hour = new Date(ms).getUTCHours();
      return Math.round(BUSY[name] * Math.max(0.002, Math.sin(((hour - 6) / 14) * Math.PI)));
    };
    const expected = (ms: number) => {
      const usual = days < takes ? null : Math.round(amount(ms) * 1.2);
      return { usual, alertsFrom: usual === null ? null : FROM[name](usual) };
    };
    return {
      ...{ measure: name, code },
      now: { at: new Date(hourMs).toISOString(), seen: Math.round(amount(hourMs) / 3), ...expected(hourMs) },
      week: Array.from({ length: HOURS_OF_WEEK }, (_, n) => ({
        at: new Date(at(n)).toISOString(),
        seen: hourMs - at(n) > days * DAY ? null : amount(at(n)),
        ...expected(at(n)),
      })),
    };
  };
  const learning = (code: Learning['code'], takes: number): Learning => ({
    ...{ code, since: ago(days * DAY), until: ago((days - takes) * DAY), share: Math.min(1, days / takes) },
  });
  return {
    ...{ vmId, at: ago(0), seenAt: ago(4000) },
    measures: [
      measure('sent', 'unusual-volume', 7),
      measure('spoken-to', 'unusual-fan-out', 7),
      measure('sent-outside', 'exfiltration', 1),
    ],
    learning: [
      learning('unusual-volume', 7),
      learning('unusual-fan-out', 7),
      learning('exfiltration', 1),
      learning('lateral-movement', 1),
      learning('beacon', 1 / 144),
    ],
    set: [{ code: 'port-scan', sensitivity: 'off' }],
  };
}
