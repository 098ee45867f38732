import type { NamedService } from './named-service.ts';
import type { Service } from './policy.ts';

/**
 * Well-known services, by IANA's Service Name and Transport Protocol Port Number Registry and Protocol Numbers; what an
 * entry means never changes. The number is the end of its id, and is given once.
 */
const ENTRIES: readonly (readonly [num: number, name: string, description: string, ...services: Service[]])[] = [
  [1, 'ssh', 'Secure Shell', tcp('22')],
  [2, 'telnet', 'Telnet', tcp('23')],
  [3, 'ftp', 'File Transfer Protocol, control', tcp('21')],
  [4, 'tftp', 'Trivial File Transfer Protocol', udp('69')],
  [5, 'smtp', 'Mail between servers', tcp('25')],
  [6, 'submission', 'Mail from its writers', tcp('465', '587')],
  [7, 'pop3', 'Mailbox, POP3', tcp('110')],
  [8, 'pop3s', 'Mailbox, POP3 over TLS', tcp('995')],
  [9, 'imap', 'Mailbox, IMAP', tcp('143')],
  [10, 'imaps', 'Mailbox, IMAP over TLS', tcp('993')],
  [11, 'dns', 'Domain names', tcp('53'), udp('53')],
  [12, 'dns-tls', 'Domain names over TLS and QUIC', tcp('853'), udp('853')],
  [13, 'mdns', 'Multicast DNS', udp('5353')],
  [14, 'dhcp', 'Address assignment, IPv4', udp('67', '68')],
  [15, 'dhcpv6', 'Address assignment, IPv6', udp('546', '547')],
  [16, 'http', 'Web', tcp('80')],
  [17, 'https', 'Web over TLS and QUIC', tcp('443'), udp('443')],
  [18, 'http-alt', 'Web, alternative port', tcp('8080')],
  [19, 'ntp', 'Network time', udp('123')],
  [20, 'snmp', 'Management of devices, queries', udp('161')],
  [21, 'snmp-trap', 'Management of devices, notices', udp('162')],
  [22, 'syslog', 'Log messages', udp('514')],
  [23, 'syslog-tls', 'Log messages over TLS', tcp('6514')],
  [24, 'ldap', 'Directory', tcp('389'), udp('389')],
  [25, 'ldaps', 'Directory over TLS', tcp('636')],
  [26, 'kerberos', 'Authentication', tcp('88'), udp('88')],
  [27, 'radius', 'Authentication of network access', udp('1812', '1813')],
  [28, 'smb', 'File sharing, SMB', tcp('445')],
  [29, 'nfs', 'File sharing, NFS', tcp('2049')],
  [30, 'rpcbind', 'Port mapper of ONC RPC', tcp('111'), udp('111')],
  [31, 'iscsi', 'Block storage', tcp('3260')],
  [32, 'rsync', 'File synchronisation', tcp('873')],
  [33, 'git', 'Git protocol', tcp('9418')],
  [34, 'rdp', 'Remote desktop', tcp('3389'), udp('3389')],
  [35, 'vnc', 'Remote screen', tcp('5900')],
  [36, 'winrm', 'Management of Windows', tcp('5985', '5986')],
  [37, 'netconf', 'Configuration of devices over SSH', tcp('830')],
  [38, 'mysql', 'MySQL', tcp('3306')],
  [39, 'postgresql', 'PostgreSQL', tcp('5432')],
  [40, 'ms-sql', 'Microsoft SQL Server', tcp('1433')],
  [41, 'oracle', 'Oracle Database listener', tcp('1521')],
  [42, 'mongodb', 'MongoDB', tcp('27017')],
  [43, 'redis', 'Redis', tcp('6379')],
  [44, 'memcached', 'memcached', tcp('11211'), udp('11211')],
  [45, 'etcd', 'etcd, clients and peers', tcp('2379', '2380')],
  [46, 'amqp', 'Message queue', tcp('5672')],
  [47, 'amqps', 'Message queue over TLS', tcp('5671')],
  [48, 'mqtt', 'Messages of devices', tcp('1883')],
  [49, 'mqtts', 'Messages of devices over TLS', tcp('8883')],
  [50, 'sip', 'Calls', tcp('5060'), udp('5060')],
  [51, 'sips', 'Calls over TLS', tcp('5061')],
  [52, 'bgp', 'Routing between networks', tcp('179')],
  [53, 'ipsec', 'IPsec: key exchange, ESP, and ESP in UDP', udp('500', '4500'), { protocol: 'ip', number: 50 }],
  [54, 'openvpn', 'OpenVPN', tcp('1194'), udp('1194')],
  [55, 'gre', 'Generic Routing Encapsulation', { protocol: 'ip', number: 47 }],
  [56, 'vxlan', 'VXLAN', udp('4789')],
  [57, 'geneve', 'Geneve', udp('6081')],
  [58, 'ping', 'Echo request, IPv4', { protocol: 'icmp', type: 8 }],
  [59, 'ping6', 'Echo request, IPv6', { protocol: 'icmpv6', type: 128 }],
];

const SINCE = '2026-11-22T00:00:00Z';

export const SERVICE_CATALOGUE: readonly NamedService[] = ENTRIES.map(([num, name, description, ...services]) => ({
  id: `5e471ce0-0000-4000-8000-${String(num).padStart(12, '0')}`,
  name,
  description,
  services,
  builtIn: true,
  revision: 1,
  changedAt: SINCE,
}));

function tcp(...ports: string[]): Service {
  return { protocol: 'tcp', ports };
}

function udp(...ports: string[]): Service {
  return { protocol: 'udp', ports };
}
