import * as remote from '../gen/remote.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** Finding domains. Rejects with `no-domain` where there is none. */
export function domainLookupOperations({ call }: Rpc) {
  return {
    /** All domains, or those of some `LIST_DOMAINS` flags. At most 16,384: the protocol's bound. */
    async listDomains(flags = 0): Promise<DomainRef[]> {
      return (await call(remote.connectListAllDomains, { needResults: 1, flags })).domains;
    },
    async domainByName(name: string): Promise<DomainRef> {
      return (await call(remote.domainLookupByName, { name })).dom;
    },
    async domainByUuid(uuid: string): Promise<DomainRef> {
      return (await call(remote.domainLookupByUuid, { uuid })).dom;
    },
    async domainById(id: number): Promise<DomainRef> {
      return (await call(remote.domainLookupById, { id })).dom;
    },
  };
}
