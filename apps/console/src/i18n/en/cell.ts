export const cell = {
  keys: 'Enter saves, Escape gives up',
  noPeer: '“{{text}}” is neither a name in the list nor an address block.',
  kinds: { group: 'Group', tenant: 'Tenant', addressSet: 'Address set', namedService: 'Service' },
};
