import * as remote from '../gen/remote.ts';
import type { SecretRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** Secrets that libvirt keeps for volumes. Rejects with `no-secret` where there is none. */
export function secretOperations({ call }: Rpc) {
  return {
    async secrets(flags = 0): Promise<SecretRef[]> {
      return (await call(remote.connectListAllSecrets, { needResults: 1, flags })).secrets;
    },
    async secretByUuid(uuid: string): Promise<SecretRef> {
      return (await call(remote.secretLookupByUuid, { uuid })).secret;
    },
    async secretByUsage(usageType: number, usageID: string): Promise<SecretRef> {
      return (await call(remote.secretLookupByUsage, { usageType, usageID })).secret;
    },
    async secretXml(secret: SecretRef): Promise<string> {
      return (await call(remote.secretGetXmlDesc, { secret, flags: 0 })).xml;
    },
    async defineSecretXml(xml: string): Promise<SecretRef> {
      return (await call(remote.secretDefineXml, { xml, flags: 0 })).secret;
    },
    /** At most 64 KiB. */
    async setSecretValue(secret: SecretRef, value: Uint8Array): Promise<void> {
      await call(remote.secretSetValue, { secret, value, flags: 0 });
    },
    /** Rejects with `access-denied` or alike for a private secret. */
    async secretValue(secret: SecretRef): Promise<Uint8Array> {
      return (await call(remote.secretGetValue, { secret, flags: 0 })).value;
    },
    async undefineSecret(secret: SecretRef): Promise<void> {
      await call(remote.secretUndefine, { secret });
    },
  };
}
