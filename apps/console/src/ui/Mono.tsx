import type { ReactNode } from 'react';

/** Addresses, identifiers and other text that is compared letter by letter. */
export const Mono = ({ children }: { readonly children: ReactNode }) => <span className="hv-mono">{children}</span>;

/** Nothing to show, said the same way everywhere. */
export const Dash = () => <span className="hv-muted">–</span>;
