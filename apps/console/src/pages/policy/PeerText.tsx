import type { Peer } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { Mono } from '../../ui/Mono.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';

/** As many as a column has room for; the rest is counted, never cut off unseen. */
const SHOWN = 1;

export function usePeerText(): (peer: Peer) => readonly string[] {
  const groups = useCollection('groups').byId;
  const tenants = useCollection('tenants').byId;
  const addressSets = useCollection('addressSets').byId;
  return (peer) => [
    ...peer.groupIds.map((id) => groups.get(id)?.name ?? id),
    ...peer.tenantIds.map((id) => tenants.get(id)?.name ?? id),
    ...peer.addressSetIds.map((id) => addressSets.get(id)?.name ?? id),
    ...peer.cidrs,
  ];
}

/** One side of a rule as people read it: its groups, tenants and address blocks, or anyone. */
export function PeerText({ peer }: { readonly peer: Peer }) {
  const { t } = useTranslation();
  const groups = useCollection('groups').byId;
  const tenants = useCollection('tenants').byId;
  const addressSets = useCollection('addressSets').byId;
  const all = usePeerText()(peer);
  if (all.length === 0) return <span className="hv-anyone">{t('common.anyone')}</span>;
  const parts = [
    ...peer.groupIds.map((id) => (
      <Link key={id} to="/groups" search={{ id }} className="hv-peer-group">
        {groups.get(id)?.name ?? id.slice(0, 8)}
      </Link>
    )),
    ...peer.tenantIds.map((id) => <TenantTag key={id} tenant={tenants.get(id)} />),
    ...peer.addressSetIds.map((id) => (
      <Link key={id} to="/address-sets" search={{ id }} className="hv-peer-group">
        {addressSets.get(id)?.name ?? id.slice(0, 8)}
      </Link>
    )),
    ...peer.cidrs.map((cidr) => <Mono key={cidr}>{cidr}</Mono>),
  ];
  return (
    <span className="hv-peer" title={all.join('\n')}>
      {parts.slice(0, SHOWN)}
      {parts.length > SHOWN && <span className="hv-muted">+{parts.length - SHOWN}</span>}
    </span>
  );
}
