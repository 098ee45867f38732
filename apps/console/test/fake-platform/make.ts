export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

const KINDS = [
  'host',
  'vm',
  'vnic',
  'tenant',
  'network',
  'group',
  'policy',
  'rule',
  'task',
  'user',
  'enrolment',
  'address-set',
  'assertion',
  'gateway-group',
  'gateway',
  'schedule',
  'service',
  'limit',
  'mirror',
  'capture',
  'alert',
  'comment',
  'exception',
  'setting',
  'notification',
  'delivery',
  'flow-view',
  'incident',
  'exporter',
  'response',
  'playbook',
] as const;

/** Readable and stable: the kind and the number are in it. */
export const uuid = (kind: (typeof KINDS)[number], n: number) =>
  `${(KINDS.indexOf(kind) + 1).toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** A small seeded generator (mulberry32): the same data in every run. */
export function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
