import { isForEveryone, type Limit } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { VmLink } from '../../ui/links.tsx';

/** Whose limit it is. */
export function LimitedNames({ limit }: { readonly limit: Limit }) {
  const { t } = useTranslation();
  const groups = useCollection('groups').byId;
  const networks = useCollection('networks').byId;
  const tenants = useCollection('tenants').byId;
  if (isForEveryone(limit)) return <>{t('limits.everyone')}</>;
  return (
    <ul className="hv-plain-list">
      {limit.groupIds.map((id) => (
        <li key={id}>
          <Link to="/groups" search={{ id }}>
            {groups.get(id)?.name ?? id.slice(0, 8)}
          </Link>
        </li>
      ))}
      {limit.vmIds.map((id) => (
        <li key={id}>
          <VmLink id={id} />
        </li>
      ))}
      {limit.networkIds.map((id) => (
        <li key={id}>
          <Link to="/networks" search={{ id }}>
            {networks.get(id)?.name ?? id.slice(0, 8)}
          </Link>
        </li>
      ))}
      {limit.tenantIds.map((id) => (
        <li key={id}>
          <Link to="/tenants" search={{ id }}>
            {tenants.get(id)?.name ?? id.slice(0, 8)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
