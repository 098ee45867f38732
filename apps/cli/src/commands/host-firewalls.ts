import type { Command } from './command.ts';

/** What guards the hosts themselves. */
export const HOST_FIREWALLS: readonly Command[] = [
  {
    words: 'host-firewall list',
    operation: 'listHostFirewalls',
    columns: [
      'hostName',
      'inherited',
      'revision',
      'status.state',
      'status.problem.message',
      'status.kept',
      'status.unknown',
    ],
  },
  { words: 'host-firewall show', operation: 'getHostFirewall', nameIn: 'listHosts' },
  { words: 'host-firewall set', operation: 'updateHostFirewall', nameIn: 'listHosts' },
  { words: 'host-firewall confirm', operation: 'confirmHostFirewall', nameIn: 'listHosts' },
  { words: 'host-firewall inherit', operation: 'inheritHostFirewall', nameIn: 'listHosts' },
  { words: 'host-firewall default', operation: 'getHostFirewallDefault' },
  { words: 'host-firewall set-default', operation: 'updateHostFirewallDefault' },
  { words: 'host-firewall confirm-default', operation: 'confirmHostFirewallDefault' },
];
