import type { AssertionEnd } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';

/** One side of an assertion as people read it, or anyone. */
export function useEndText(): (end: AssertionEnd) => string {
  const { t } = useTranslation();
  const groups = useCollection('groups').byId;
  const tenants = useCollection('tenants').byId;
  const vms = useCollection('vms').byId;
  return (end) => {
    const parts = [
      ...end.groupIds.map((id) => groups.get(id)?.name ?? id),
      ...end.tenantIds.map((id) => tenants.get(id)?.name ?? id),
      ...end.vmIds.map((id) => vms.get(id)?.name ?? id),
      ...end.cidrs,
      ...(end.outside ? [t('assertions.outside')] : []),
    ];
    return parts.length === 0 ? t('common.anyone') : parts.join(', ');
  };
}
