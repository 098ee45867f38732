/** The columns that make two updates one flow. */
export const FLOW_KEY = 'host, point, key, start_ms, verdict, rule_num';

export const COUNTERS = ['bytes', 'packets', 'reply_bytes', 'reply_packets'] as const;

/** Two addresses on a service, whatever was said of it. */
export const PAIR_KEY = 'network, src_ip, dst_ip, protocol, dst_port, icmp_type, icmp_code';
export const TALK_KEY = `${PAIR_KEY}, verdict, rule_num`;

export const DAY_MS = 86_400_000;
