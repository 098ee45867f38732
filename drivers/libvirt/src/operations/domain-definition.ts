import * as remote from '../gen/remote.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** virDomainXMLFlags. */
const XML = { secure: 1, inactive: 2, updateCpu: 4, migratable: 8 } as const;
/** virDomainMetadataType. */
const METADATA = { description: 0, title: 1, element: 2 } as const;

export type DomainXmlFlags = { [Flag in keyof typeof XML]?: boolean };
export type MetadataKind = keyof typeof METADATA;

export function domainDefinitionOperations({ call }: Rpc) {
  return {
    /** The live definition, or with `inactive` the stored one. `secure` includes passwords and needs a writer. */
    async domainXml(dom: DomainRef, flags: DomainXmlFlags = {}): Promise<string> {
      return (await call(remote.domainGetXmlDesc, { dom, flags: xmlFlags(flags) })).xml;
    },
    /** Stores a definition without starting it. `validate` checks it against libvirt's schema. */
    async defineXml(xml: string, options: { validate?: boolean } = {}): Promise<DomainRef> {
      return (await call(remote.domainDefineXmlFlags, { xml, flags: options.validate ? 1 : 0 })).dom;
    },
    /** Title, description, or the element of a namespace. Rejects with `no-domain-metadata` where there is none. */
    async metadata(dom: DomainRef, kind: MetadataKind, namespaceUri?: string, flags = 0): Promise<string> {
      const args = { dom, type: METADATA[kind], uri: namespaceUri ?? null, flags };
      return (await call(remote.domainGetMetadata, args)).metadata;
    },
    /** Sets title, description, or the element of a namespace; `null` removes it. `AFFECT` flags. */
    async setMetadata(
      dom: DomainRef,
      kind: MetadataKind,
      value: string | null,
      namespace: { prefix?: string; uri?: string } = {},
      flags = 0,
    ): Promise<void> {
      const { prefix, uri } = namespace;
      const args = { dom, type: METADATA[kind], metadata: value, key: prefix ?? null, uri: uri ?? null, flags };
      await call(remote.domainSetMetadata, args);
    },
    /** The definition inside a managed save image. */
    async managedSaveXml(dom: DomainRef): Promise<string> {
      return (await call(remote.domainManagedSaveGetXmlDesc, { dom, flags: 0 })).xml;
    },
    /** QEMU's command line (format `qemu-argv`) for a definition, as the daemon would start it. */
    async xmlToNative(format: string, xml: string): Promise<string> {
      const args = { nativeFormat: format, domainXml: xml, flags: 0 };
      return (await call(remote.connectDomainXmlToNative, args)).nativeConfig;
    },
  };
}

function xmlFlags(flags: DomainXmlFlags): number {
  let bits = 0;
  for (const name of Object.keys(flags) as (keyof typeof XML)[]) if (flags[name]) bits |= XML[name];
  return bits;
}
