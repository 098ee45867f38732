import type { Peer } from '@hypervigil/model';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';

/** As many as a column has room for; the rest is counted, never cut off unseen. */
const SHOWN = 1;

export function usePeerText(): (peer: Peer) => readonly string[] {
  const groups = useCollection('groups').byId;
  const tenants = useCollection('tenants').byId;
  const addressSets = useCollection('addressSets').byId;
  return useCallback(
    (peer) => [
      ...peer.groupIds.map((id) => groups.get(id)?.name ?? id.slice(0, 8)),
      ...peer.tenantIds.map((id) => tenants.get(id)?.name ?? id.slice(0, 8)),
      ...peer.addressSetIds.map((id) => addressSets.get(id)?.name ?? id.slice(0, 8)),
      ...peer.cidrs,
    ],
    [groups, tenants, addressSets],
  );
}

/** One side of a rule as people read it: its groups, tenants and address blocks, or anyone. */
export function PeerText({ all }: { readonly all: readonly string[] }) {
  const { t } = useTranslation();
  if (all.length === 0) return <span className="hv-anyone">{t('common.anyone')}</span>;
  return (
    <span className="hv-peer" title={all.join('\n')}>
      <span className="hv-peer-group">{all.slice(0, SHOWN)}</span>
      {all.length > SHOWN && <span className="hv-muted">+{all.length - SHOWN}</span>}
    </span>
  );
}
