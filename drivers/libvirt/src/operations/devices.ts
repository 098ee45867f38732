import * as remote from '../gen/remote.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** Devices of a domain, by their XML. `flags` are those of `AFFECT`; the default is the domain's current state. */
export function deviceOperations({ call }: Rpc) {
  return {
    async attachDevice(dom: DomainRef, xml: string, flags = 0): Promise<void> {
      await call(remote.domainAttachDeviceFlags, { dom, xml, flags });
    },
    /** Resolves when the guest was asked to let go; the event `device-removed` tells that it did. */
    async detachDevice(dom: DomainRef, xml: string, flags = 0): Promise<void> {
      await call(remote.domainDetachDeviceFlags, { dom, xml, flags });
    },
    async detachDeviceByAlias(dom: DomainRef, alias: string, flags = 0): Promise<void> {
      await call(remote.domainDetachDeviceAlias, { dom, alias, flags });
    },
    /** Changes what can be changed in place: a link's state, a CD-ROM's medium, a vNIC's source. */
    async updateDevice(dom: DomainRef, xml: string, flags = 0): Promise<void> {
      await call(remote.domainUpdateDeviceFlags, { dom, xml, flags });
    },
  };
}
