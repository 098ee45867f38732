export const palette = {
  title: 'Find',
  placeholder: 'A page, a name, an address, a MAC, a UUID, an action',
  results: 'Results',
  none: 'Nothing matches “{{query}}”. Try a part of a name or an address.',
  kinds: {
    page: 'Page',
    vm: 'VM',
    host: 'Host',
    network: 'Network',
    tenant: 'Tenant',
    group: 'Security group',
    gatewayGroup: 'Group of gateways',
    policy: 'Policy',
    action: 'Action',
  },
  hint: '↑ ↓ to choose, Enter to open, Esc to close',
};
