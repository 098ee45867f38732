import { Link } from '@tanstack/react-router';
import { useCollection } from '../data/queries.ts';
import { HostLink } from './links.tsx';

/** The host or the exporter that saw a flow. */
export function ObserverLink({ id }: { readonly id: string }) {
  const exporter = useCollection('exporters').byId.get(id);
  if (exporter === undefined) return <HostLink id={id} />;
  return (
    <Link to="/exporters" search={{ id }}>
      {exporter.name}
    </Link>
  );
}
