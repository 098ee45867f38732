import { useState } from 'react';

interface Named {
  readonly name: string;
  readonly description: string;
}

/** What something is called, while somebody writes it. */
export interface Naming {
  readonly values: Named;
  readonly isNamed: boolean;
  readonly set: (values: Named) => void;
}

/** @param of undefined for something new */
export function useNaming(of: Named | undefined): Naming {
  const [values, set] = useState<Named>({ name: of?.name ?? '', description: of?.description ?? '' });
  return { values, isNamed: values.name.trim() !== '', set };
}
