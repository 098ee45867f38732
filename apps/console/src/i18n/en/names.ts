/** Words of the log of names. */
export const names = {
  title: 'Names',
  question: 'Who asked for which name, when, and what was the answer? What gateways saw of DNS, TLS and HTTP.',
  search: 'Part of a name',
  empty: 'No name in this time',
  emptyHelp:
    'Gateways that recognise names write them down for connections of rules that inspect. Choose a longer time, or let a rule inspect DNS and TLS.',
  unanswered: 'no answer',
  kinds: { dns: 'DNS', tls: 'TLS', http: 'HTTP', other: 'Other' },
  columns: {
    at: 'Time',
    src: 'Asked or spoken by',
    kind: 'Kind',
    name: 'Name',
    said: 'Answer and details',
    dst: 'To',
    gateway: 'Gateway',
  },
};
