import type { ReactNode } from 'react';

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** Names with values, in as many columns as there is room for. */
export function Facts({ facts, narrow = false }: { readonly facts: readonly Fact[]; readonly narrow?: boolean }) {
  return (
    <dl className={narrow ? 'hv-facts hv-facts--narrow' : 'hv-facts'}>
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{fact.value === '' ? '–' : fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
