/**
 * A connection between two hosts is judged twice, and then has updates from both points. Summing per point and taking
 * the greater counts it once.
 */
export const once = (name: string) =>
  `greatest(coalesce(sum(${name}) FILTER (point = 'egress'), 0), coalesce(sum(${name}) FILTER (point = 'ingress'), 0)) AS ${name}`;
const connections = (which: string) => `greatest(
  count(DISTINCT hash(host, key, start_ms)) FILTER (point = 'egress' AND ${which}),
  count(DISTINCT hash(host, key, start_ms)) FILTER (point = 'ingress' AND ${which}))`;
export const CONNECTIONS = `${connections('true')} AS flows`;
export const PENDING_CONNECTIONS = `${connections('pending_verdict <> verdict')} AS pending_flows`;
