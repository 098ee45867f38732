import { createHash } from 'node:crypto';

/** The namespace of vNIC names: uuid v5 of DNS `vnic.hypervigil.dev`, fixed for ever. */
const VNIC_NAMESPACE = '448c2910-168f-5ca0-8b1a-8d0894cb507d';

/**
 * The id of a vNIC: that of its virtual port, which is the `iface-id` that the switch shows; else one made of the VM's
 * uuid and the MAC address (RFC 9562, 5.5), the same wherever and whenever it is asked for.
 */
export function vnicId(vmId: string, mac: string, interfaceId: string | undefined): string {
  return interfaceId?.toLowerCase() ?? uuidV5(VNIC_NAMESPACE, `${vmId.toLowerCase()}/${mac.toLowerCase()}`);
}

/** A name-based identifier (RFC 9562, 5.5): SHA-1 of namespace and name, with version and variant set. */
export function uuidV5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
