import { Button, type ButtonProps } from '@patternfly/react-core';
import { createLink, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCollection } from '../data/queries.ts';
import { Dash } from './Mono.tsx';

interface Props {
  readonly id: string | null;
  readonly children?: ReactNode;
}

export function VmLink({ id, children }: Props) {
  const vms = useCollection('vms');
  if (id === null) return <Dash />;
  return (
    <Link to="/vms/$id" params={{ id }}>
      {children ?? vms.byId.get(id)?.name ?? id.slice(0, 8)}
    </Link>
  );
}
export function HostLink({ id, children }: Props) {
  const hosts = useCollection('hosts');
  if (id === null) return <Dash />;
  return (
    <Link to="/hosts/$id" params={{ id }}>
      {children ?? hosts.byId.get(id)?.name ?? id.slice(0, 8)}
    </Link>
  );
}

/** A button that is a link: it goes somewhere, and does nothing else. */
export const LinkButton = createLink((props: ButtonProps) => <Button variant="secondary" {...props} component="a" />);
