import type { AuditEntry } from '@hypervigil/contract';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';

/** What an entry is about, by its name: the record holds `network:ID`, and the name of what is gone in its parameters. */
export function useSubjectName(): (entry: AuditEntry) => string {
  const { t } = useTranslation();
  const vm = useCollection('vms').byId;
  const host = useCollection('hosts').byId;
  const network = useCollection('networks').byId;
  const tenant = useCollection('tenants').byId;
  const group = useCollection('groups').byId;
  const policy = useCollection('policies').byId;
  return useMemo(() => {
    const named = new Map<string, ReadonlyMap<string, { readonly name: string }>>(
      Object.entries({ vm, host, network, tenant, group, policy }),
    );
    return ({ subject, params }) => {
      const [, kind = '', id = ''] = /^([\w-]+):(.*)$/.exec(subject) ?? [];
      if (kind === 'user') return id;
      if (kind === 'revision') return t('overview.revision', { revision: id });
      return named.get(kind)?.get(id)?.name ?? (typeof params['name'] === 'string' ? params['name'] : subject);
    };
  }, [t, vm, host, network, tenant, group, policy]);
}
