export const syntheticHelp = {
  'default-deny': 'No rule allowed it.',
  'anti-spoof': 'The source MAC or address does not belong to the vNIC.',
  'ct-invalid': 'Connection tracking could not place the packet.',
  'tenant-isolation': 'The ends belong to different tenants and no rule joins them.',
  'same-tenant': 'Both ends belong to one tenant whose default is to allow.',
  'dhcp-ra-guard': 'A DHCP server or router that the network does not know.',
  'address-resolution': 'ARP, ND and DHCP that a vNIC needs to have an address at all.',
  'not-ip': 'Neither ARP, IPv4 nor IPv6, or with a VLAN tag of its own.',
  fragment: 'A fragment that cannot be judged.',
  'gateway-down': 'The rule wants it inspected, no gateway could, and the rule fails closed.',
  revoked: 'The rule that had allowed this connection was withdrawn.',
  quarantine: 'One end is a quarantined VM: nothing leaves it and nothing reaches it.',
  observed: 'An exporter saw it pass. No rule of the cloud decided it there.',
  estimated:
    'An exporter saw it in packets that it picked: bytes and packets are estimates. No rule of the cloud decided it there.',
  limit: 'One end, the rule or the network has as many connections as it may.',
};
