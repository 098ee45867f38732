import type { TopFlows } from '@hypervigil/contract';

/** Groups of flows as people read them: what things are called, and values where nothing has a name. */
export const groupRows = ({ items }: TopFlows): object[] =>
  items.map(({ values, names, ...counters }) => ({
    group: values.map((value, n) => names[n] ?? value ?? '-').join(' · '),
    ...counters,
  }));
