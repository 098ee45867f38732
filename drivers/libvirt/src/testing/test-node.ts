/**
 * A node file for libvirt's test driver (`test:///path/to/node.xml`) with so many running domains, each with a disk
 * and a vNIC: a whole cloud host that needs no hypervisor.
 */
export function testNodeXml(domains: number): string {
  const all = Array.from({ length: domains }, (_, index) => `<domain type='test'>${domainBody(index)}</domain>`);
  return `<node>\n${all.join('\n')}\n</node>\n`;
}

function domainBody(index: number): string {
  const hex = index.toString(16).padStart(12, '0');
  const mac = hex.slice(-6).replace(/(..)(?=.)/g, '$1:');
  return `
  <name>vm-${index}</name>
  <uuid>11111111-2222-4333-8444-${hex}</uuid>
  <memory>1048576</memory>
  <vcpu>2</vcpu>
  <os><type>hvm</type></os>
  <devices>
    <disk type='file' device='disk'><source file='/images/vm-${index}.qcow2'/><target dev='vda' bus='virtio'/></disk>
    <interface type='bridge'><mac address='52:54:00:${mac}'/><source bridge='br-int'/><model type='virtio'/></interface>
  </devices>
`;
}
