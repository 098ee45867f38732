import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly source?: ReactNode;
  readonly flush?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A card of facts: its title, what can be done, and at the foot how we know. */
export function Panel({ title, actions, source, flush = false, className = '', children }: Props) {
  return (
    <section className={`hv-panel ${className}`} aria-label={title}>
      <header className="hv-panel__head">
        <h2>{title}</h2>
        {actions}
      </header>
      <div className={flush ? 'hv-panel__body hv-panel__body--flush' : 'hv-panel__body'}>{children}</div>
      {source !== undefined && <footer className="hv-panel__source">{source}</footer>}
    </section>
  );
}
