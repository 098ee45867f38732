import type { Tenant } from '@hypervigil/model';

/** Eight hues after Okabe and Ito (2008), which readers with any colour vision can tell apart; CSS has the values. */
const TENANT_HUES = 8;

export const tenantHue = (tenant: Pick<Tenant, 'num'>) => (tenant.num - 1) % TENANT_HUES;
/** First letter of the name; the whole character, also outside of the basic plane. */
export const tenantLetter = (tenant: Pick<Tenant, 'name'>) => [...tenant.name][0]?.toLocaleUpperCase() ?? '?';
