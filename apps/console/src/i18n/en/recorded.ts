export const recorded = {
  days: 'Recorded flows',
  lastDays_one: 'Last day',
  lastDays_other: 'Last {{count}} days',
  connections: 'Connections',
  volume: 'Volume',
  seeFlows: 'Show these connections',
};
