import type { Metric } from './metric.ts';

type Bench = () => AsyncIterable<Metric>;
export type Benches = Readonly<Record<string, () => Promise<Bench>>>;

/** Each benchmark by its name; loaded when asked for, since some bring a cloud with them. */
export const BENCHES: Benches = {
  libvirt: async () => (await import('./libvirt.ts')).libvirtBench,
  ipfix: async () => (await import('./ipfix.ts')).ipfixBench,
  platform: async () => (await import('./platform.ts')).platformBench,
  engine: async () => (await import('./engine.ts')).engineBench,
  enforce: async () => (await import('./enforce.ts')).enforceBench,
  learn: async () => (await import('./learn.ts')).learnBench,
  flows: async () => (await import('./flows.ts')).flowsBench,
  'flow-query': async () => (await import('./flow-query.ts')).flowQueryBench,
  detect: async () => (await import('./detect.ts')).detectBench,
  policy: async () => (await import('./policy.ts')).policyBench,
  dataplane: async () => (await import('./dataplane.ts')).dataplaneBench,
  swap: async () => (await import('./swap.ts')).swapBench,
  gateway: async () => (await import('./gateway.ts')).gatewayBench,
  failover: async () => (await import('./failover.ts')).failoverBench,
};

/** What is measured beside another product, by the product's name: it has to be installed. */
export const BESIDE: Readonly<Record<string, Benches>> = {
  ovn: {
    enforce: async () => (await import('./enforce-ovn.ts')).enforceBesideOvn,
    dataplane: async () => (await import('./dataplane.ts')).dataplaneBesideOvn,
  },
};
