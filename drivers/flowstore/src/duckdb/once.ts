/**
 * A connection between two hosts is judged twice, and then has updates from both points. Summing per point and taking
 * the greater counts it once.
 */
export const once = (name: string) =>
  `greatest(coalesce(sum(${name}) FILTER (point = 'egress'), 0), coalesce(sum(${name}) FILTER (point = 'ingress'), 0)) AS ${name}`;
export const CONNECTIONS = `greatest(
  count(DISTINCT hash(host, key, start_ms)) FILTER (point = 'egress'),
  count(DISTINCT hash(host, key, start_ms)) FILTER (point = 'ingress')) AS flows`;
