import type { Metric } from './metric.ts';

type Bench = () => AsyncIterable<Metric>;

/** Each benchmark by its name; loaded when asked for, since some bring a cloud with them. */
export const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  libvirt: async () => (await import('./libvirt.ts')).libvirtBench,
  ipfix: async () => (await import('./ipfix.ts')).ipfixBench,
  platform: async () => (await import('./platform.ts')).platformBench,
  engine: async () => (await import('./engine.ts')).engineBench,
  enforce: async () => (await import('./enforce.ts')).enforceBench,
  policy: async () => (await import('./policy.ts')).policyBench,
  dataplane: async () => (await import('./dataplane.ts')).dataplaneBench,
};
