import type { Tenant } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { tenantHue, tenantLetter } from './tenant-colour.ts';

/** A tenant's hue with its letter, so that nobody has to tell hues apart. */
export function TenantBadge({ tenant }: { readonly tenant: Tenant }) {
  return (
    <span className={`hv-tenant-badge hv-hue-${tenantHue(tenant)}`} aria-hidden="true">
      {tenantLetter(tenant)}
    </span>
  );
}

export function TenantTag({ tenant }: { readonly tenant: Tenant | undefined }) {
  const { t } = useTranslation();
  if (tenant === undefined) return <span className="hv-muted">{t('common.unowned')}</span>;
  return (
    <span className="hv-tenant">
      <TenantBadge tenant={tenant} />
      <span>{tenant.name}</span>
    </span>
  );
}
